import { parsePolicySpec } from "../api/parse-policy-spec.ts";
import { storedPolicy } from "../api/policy.ts";
import { readStored } from "../api/read-stored.ts";
import type { Severity } from "../api/severity.ts";
import type { Digest } from "../formats/digest.ts";
import type { ApiType } from "../kube/api-type.ts";
import type { KubeClient } from "../kube/client.ts";
import { identityOf, type RawObject } from "../kube/object.ts";
import { type CollectedPolicy, DigestCollector } from "./digest/collector.ts";
import type { DigestRequest } from "./digest/request.ts";
import { policyType, reportTypes } from "./own-types.ts";

/** An object of ours may have 128 KiB: pages of reports and parts are small. */
const pageSize = 50;

/** A list that began anew makes what was gathered worthless. */
const maxAttempts = 3;

/**
 * Reads Policies and reports and makes the digest of them. Objects pass by one at a time; what was not readable at all is left out.
 * @throws KubeError, or the reason of the aborted signal
 */
export async function collectDigest(client: KubeClient, request: DigestRequest, signal: AbortSignal): Promise<Digest> {
  for (let attempt = 1; ; attempt++) {
    const collector = new DigestCollector(request);
    try {
      for await (const object of listed(client, policyType, signal)) collector.policy(policyOf(object));
      await addReports(client, collector, signal);
      return collector.digest();
    } catch (error) {
      if (!(error instanceof ListBeganAnewError) || attempt === maxAttempts) throw error;
    }
  }
}

async function addReports(client: KubeClient, collector: DigestCollector, signal: AbortSignal): Promise<void> {
  const { reports, clusterReports, parts, clusterParts } = reportTypes;
  for await (const object of listed(client, reports.type, signal)) {
    const report = readStored(reports.definition, object);
    if (report.ok) collector.report(report.value);
  }
  for await (const object of listed(client, clusterReports.type, signal)) {
    const report = readStored(clusterReports.definition, object);
    if (report.ok) collector.report(report.value);
  }
  // Few reports have parts; whoever reads none of them must not list them either.
  if (!collector.wantsParts) return;
  for await (const object of listed(client, parts.type, signal)) {
    const part = readStored(parts.definition, object);
    if (part.ok) collector.part(part.value);
  }
  for await (const object of listed(client, clusterParts.type, signal)) {
    const part = readStored(clusterParts.definition, object);
    if (part.ok) collector.part(part.value);
  }
}

/** The list expired while it was read, and begins anew. */
class ListBeganAnewError extends Error {
  override readonly name = "ListBeganAnewError";
}

async function* listed(client: KubeClient, type: ApiType, signal: AbortSignal): AsyncGenerator<RawObject> {
  for await (const event of client.list(type, { pageSize, signal })) {
    if (event.type === "item") yield event.object;
    if (event.type === "reset") throw new ListBeganAnewError(`the list of ${type.plural} expired while it was read`);
  }
}

function policyOf(object: RawObject): CollectedPolicy {
  const { name } = identityOf(object);
  const reading = readStored(storedPolicy, object);
  const status = reading.ok ? reading.value.status : undefined;
  return { name, status, severities: overrides(status?.inForce?.spec ?? object.spec) };
}

/** Severities that the spec in force gives; none where it is not understood. */
function overrides(spec: unknown): ReadonlyMap<string, Severity> {
  const parsed = parsePolicySpec(spec);
  const given = parsed.ok ? (parsed.spec.rules.override ?? []) : [];
  return new Map(given.flatMap(({ id, severity }) => (severity === undefined ? [] : [[id, severity] as const])));
}
