import type { RenderedReport, ReportQuery } from "../cli/commands/report.ts";
import type { Digest } from "../formats/digest.ts";
import { renderDigestHtml } from "../formats/digest-html.ts";
import { renderDigestJson } from "../formats/digest-json.ts";
import { renderDigestMarkdown } from "../formats/digest-markdown.ts";
import { renderDigestSlack } from "../formats/digest-slack.ts";
import { renderDigestText } from "../formats/digest-text.ts";
import { KubeClient } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import { loadClusterConfig } from "../kube/config.ts";
import { silentLogger } from "../kube/logger.ts";
import { HttpTransport } from "../kube/transport.ts";
import { collectDigest } from "../notify/collect-digest.ts";
import { gapsIn } from "../notify/digest/gaps.ts";
import type { DigestRequest } from "../notify/digest/request.ts";
import { unreadable } from "../notify/unreadable.ts";
import { rules } from "../rules/index.generated.ts";

/** A person waits for it, and nothing else runs over this connection. */
const rateLimit = { qps: 50, burst: 100 };

/** Reads the cluster's reports and makes the digest that `pawl report` prints. */
export async function makeReport(version: string, query: ReportQuery, signal: AbortSignal): Promise<RenderedReport> {
  const { kubeconfig, context } = query;
  const source = { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
  const config = await loadClusterConfig(source);
  const transport = new HttpTransport({
    config,
    userAgent: `pawl/${version}`,
    clock: systemClock,
    logger: silentLogger,
  });
  const client = new KubeClient({ transport, clock: systemClock, random: Math.random, rateLimit });
  try {
    return rendered(await collectDigest(client, requestOf(query), signal));
  } catch (error) {
    throw unreadable(error, config.server);
  } finally {
    await transport.close();
  }
}

function requestOf(query: ReportQuery): DigestRequest {
  const { clusterName, since, until, now, timeZone, policies, namespaces, owners, sources, minimumSeverity } = query;
  return {
    kind: "digest",
    cluster: clusterName,
    since,
    until,
    now,
    timeZone,
    filter: {
      policies,
      namespaces: { include: namespaces },
      owners: { include: owners },
      sources: { include: sources },
      ...(minimumSeverity === undefined ? {} : { minimumSeverity }),
    },
    catalogue: new Map(rules.map(({ id, title, severity }) => [id, { title, severity }])),
  };
}

function rendered(digest: Digest): RenderedReport {
  const render = {
    text: () => renderDigestText(digest),
    markdown: () => renderDigestMarkdown(digest),
    html: () => renderDigestHtml(digest),
    json: () => renderDigestJson(digest),
    slack: () => `${JSON.stringify(renderDigestSlack(digest), null, 2)}\n`,
  };
  const gaps = gapsIn(digest.health);
  return { render: (format) => render[format](), ...(gaps.length === 0 ? {} : { incomplete: gaps.join(", ") }) };
}
