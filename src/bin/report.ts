import type { RenderedReport, ReportQuery } from "../cli/commands/report.ts";
import type { Digest } from "../formats/digest.ts";
import { renderDigestHtml } from "../formats/digest-html.ts";
import { renderDigestJson } from "../formats/digest-json.ts";
import { renderDigestMarkdown } from "../formats/digest-markdown.ts";
import { renderDigestSlack } from "../formats/digest-slack.ts";
import { renderDigestText } from "../formats/digest-text.ts";
import { collectDigest } from "../notify/collect-digest.ts";
import { gapsIn } from "../notify/digest/gaps.ts";
import type { DigestRequest } from "../notify/digest/request.ts";
import { previewSubscription } from "../notify/preview.ts";
import { rules } from "../rules/index.generated.ts";
import { withCluster } from "./with-cluster.ts";

/** Reads the cluster's reports and makes the digests that `pawl report` prints. */
export async function makeReports(
  version: string,
  query: ReportQuery,
  signal: AbortSignal,
): Promise<readonly RenderedReport[]> {
  return await withCluster(version, query, async (client) => {
    const { clusterName, preview, since, until, now } = query;
    if (preview === undefined) return [rendered(await collectDigest(client, requestOf(query), signal))];
    const period = { ...(since === undefined ? {} : { since }), until, now };
    const previews = await previewSubscription(client, preview, { cluster: clusterName, catalogue, ...period }, signal);
    return previews.map(({ to, digest }) => ({ to, ...rendered(digest) }));
  });
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
