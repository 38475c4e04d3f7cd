import { type Baseline, baselineKind } from "../../../src/api/baseline.ts";
import { clusterScanReportKind, scanReportKind } from "../../../src/api/scan-report.ts";
import { clusterScanReportPartKind, scanReportPartKind } from "../../../src/api/scan-report-part.ts";
import { stableJson } from "../../../src/engine/values/stable-json.ts";
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

/**
 * How many violations of each rule a ledger accepts; by the Baseline, and by what its entries were judged by, so that two counts
 * with one key can be compared.
 */
export function acceptedBy(ledgers: Iterable<StoredLedger>): ReadonlyMap<string, number> {
  const accepted = new Map<string, number>();
  for (const ledger of ledgers) {
    const baselines = ledger.baselines as unknown as readonly Baseline[];
    const main = baselines.find(({ part }) => part === undefined);
    if (main === undefined) continue;
    const entries = baselines.flatMap(({ resources }) => resources).flatMap((resource) => resource.entries);
    for (const [id, judgedBy] of Object.entries(main.rules)) {
      const { name, uid } = main.metadata;
      const count = entries.reduce((sum, entry) => sum + (entry.rule === id ? (entry.count ?? 1) : 0), 0);
      accepted.set(`${name} ${id} ${stableJson({ uid, judgedBy, match: main.match, kinds: main.kinds })}`, count);
    }
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
