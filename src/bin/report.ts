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
import { previewSubscription } from "../notify/preview.ts";
import { unreadable } from "../notify/unreadable.ts";
import { rules } from "../rules/index.generated.ts";

/** A person waits for it, and nothing else runs over this connection. */
const rateLimit = { qps: 50, burst: 100 };

/** Reads the cluster's reports and makes the digests that `pawl report` prints. */
export async function makeReports(
  version: string,
  query: ReportQuery,
  signal: AbortSignal,
): Promise<readonly RenderedReport[]> {
  const { kubeconfig, context, preview } = query;
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
    if (preview === undefined) return [rendered(await collectDigest(client, requestOf(query), signal))];
    const { clusterName, since, until, now } = query;
    const period = { ...(since === undefined ? {} : { since }), until, now };
    const previews = await previewSubscription(client, preview, { cluster: clusterName, catalogue, ...period }, signal);
    return previews.map(({ to, digest }) => ({ to, ...rendered(digest) }));
  } catch (error) {
    throw unreadable(error, config.server);
  } finally {
    await transport.close();
  }
}

const catalogue = new Map(rules.map(({ id, title, severity }) => [id, { title, severity }]));

const weekMs = 7 * 86_400_000;

function requestOf(query: ReportQuery): DigestRequest {
  const { clusterName, until, now, timeZone, policies, namespaces, owners, sources, minimumSeverity } = query;
  return {
    kind: "digest",
    cluster: clusterName,
    since: query.since ?? until - weekMs,
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
    catalogue,
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
