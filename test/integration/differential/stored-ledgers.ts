import { type Baseline, baselineKind } from "../../../src/api/baseline.ts";
import { clusterScanReportKind, scanReportKind } from "../../../src/api/scan-report.ts";
import { clusterScanReportPartKind, scanReportPartKind } from "../../../src/api/scan-report-part.ts";
import type { Bench } from "../operator/bench.ts";
import { listAll } from "./exported-cluster.ts";

/** An object of ours, as far as its content is not looked at. */
export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What the API server holds of one ledger. */
export interface StoredLedger {
  readonly policy: string;
  /** Empty for cluster-scoped resources. */
  readonly namespace: string;
  readonly baselines: readonly StoredObject[];
  /** The report and its parts. */
  readonly reports: readonly StoredObject[];
}

const kinds = [
  baselineKind,
  scanReportKind,
  scanReportPartKind,
  clusterScanReportKind,
  clusterScanReportPartKind,
] as const;

/** Every ledger of which anything is stored, by `policy/namespace`. */
export async function storedLedgers(bench: Bench): Promise<ReadonlyMap<string, StoredLedger>> {
  const lists = await Promise.all(
    kinds.map(async ({ kind, plural }) => {
      const items = await listAll<StoredObject>(bench, `/apis/pawl.dev/v1alpha1/${plural}`);
      return items.map((item) => ({ ...item, apiVersion: "pawl.dev/v1alpha1", kind }));
    }),
  );
  const ledgers = Map.groupBy(lists.flat(), (object) => `${policyOf(object)}/${namespaceOf(object)}`);
  return new Map(
    [...ledgers].map(([key, objects]) => [
      key,
      {
        policy: key.slice(0, key.indexOf("/")),
        namespace: key.slice(key.indexOf("/") + 1),
        baselines: objects.filter(({ kind }) => kind === baselineKind.kind),
        reports: objects.filter(({ kind }) => kind !== baselineKind.kind),
      },
    ]),
  );
}

/** Names of Policies have no dot; what stands behind one says which piece it is. */
function policyOf({ metadata }: StoredObject): string {
  return metadata.name.split(".", 1)[0] ?? "";
}

function namespaceOf({ kind, metadata }: StoredObject): string {
  if (kind !== baselineKind.kind) return metadata.namespace ?? "";
  const [, scope, namespace = ""] = metadata.name.split(".");
  return scope === "ns" ? namespace : "";
}

/** What a Baseline accepts: how many violations by rule. */
export interface Accepted {
  readonly policy: string;
  readonly name: string;
  readonly byRule: Readonly<Record<string, number>>;
}

/** Every Baseline and part of one, by uid. */
export function acceptedBy(ledgers: Iterable<StoredLedger>): ReadonlyMap<string, Accepted> {
  const accepted = new Map<string, Accepted>();
  for (const { policy, baselines } of ledgers)
    for (const { metadata, resources } of baselines) {
      const byRule: Record<string, number> = {};
      for (const { entries } of resources as Baseline["resources"])
        for (const { rule, count = 1 } of entries) byRule[rule] = (byRule[rule] ?? 0) + count;
      accepted.set(String(metadata.uid), { policy, name: metadata.name, byRule });
    }
  return accepted;
}

/** What the API server keeps about an object for itself; it changes with every write, whatever was written. */
const bookkeeping: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
]);

/**
 * What of an object has to be the same however the operator came to it: all of it but the API server's bookkeeping.
 * @param settled false leaves out the number of resources and what rests on it (score, grade): where nothing else has changed
 *   they are written once a minute at most, so they may be older than the rest
 */
export function canonical(object: StoredObject, settled: boolean): StoredObject {
  const kept = Object.entries(object.metadata).filter(([field]) => !bookkeeping.has(field));
  const metadata = { ...Object.fromEntries(kept), name: object.metadata.name };
  if (settled || object.summary === undefined) return { ...object, metadata };
  const { resources: _, score: __, grade: ___, ...summary } = object.summary as Readonly<Record<string, unknown>>;
  const history = (object.history as readonly Readonly<Record<string, unknown>>[]).map(
    ({ resources: _resources, score: _score, ...day }) => day,
  );
  return { ...object, metadata, summary, history };
}
