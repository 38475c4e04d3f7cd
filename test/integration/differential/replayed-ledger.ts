import { type CompiledPolicy, ledgerPolicy } from "../../../src/engine/compiled-policy.ts";
import { evaluateInventory } from "../../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../../src/engine/evaluate-resource.ts";
import { buildEvidence } from "../../../src/engine/evidence.ts";
import { ownerLookup } from "../../../src/engine/folding.ts";
import { InventoryStore } from "../../../src/engine/inventory-store.ts";
import type { Judged } from "../../../src/engine/judged.ts";
import { pendingMs } from "../../../src/engine/ledger/limits.ts";
import { emptyMemory, stepLedger } from "../../../src/engine/ledger/step.ts";
import { decodeBaseline, encodeBaseline } from "../../../src/engine/ledger/storage/baseline.ts";
import { decodeReport, encodeReport } from "../../../src/engine/ledger/storage/report.ts";
import type { KindEvidence, LedgerMemory } from "../../../src/engine/ledger/types.ts";
import { storingOf } from "../../../src/engine/ledger/unreported.ts";
import { ledgerNamespace } from "../../../src/engine/match.ts";
import { type KindName, resourceRef } from "../../../src/engine/resource.ts";
import type { ExportedCluster, ExportedPolicy } from "./exported-cluster.ts";
import type { StoredLedger, StoredObject } from "./stored-ledgers.ts";

/** The exported objects as the engine judges them, by all policies in force. */
export interface JudgedCluster {
  readonly cluster: ExportedCluster;
  readonly byLedger: ReadonlyMap<string, readonly Judged[]>;
  readonly inventory: InventoryStore;
  readonly owner: ReturnType<typeof ownerLookup>;
}

export function judgeCluster(cluster: ExportedCluster): JudgedCluster {
  const policies = [...cluster.policies.values()].map(({ compiled }) => compiled);
  const context = { namespaceLabels: (name: string) => cluster.namespaces.get(name)?.labels };
  const judged = cluster.objects.map((object) => {
    const one = evaluateResource(object, policies, context);
    if (one === undefined) throw new Error(`an object does not say what it is: ${JSON.stringify(object)}`);
    return one;
  });
  const inventory = new InventoryStore();
  for (const { facts } of judged) if (facts !== undefined) inventory.upsert(facts);
  return {
    cluster,
    byLedger: Map.groupBy(judged, ({ id }) => ledgerNamespace(id) ?? ""),
    inventory,
    owner: ownerLookup(judged),
  };
}

/**
 * The stored objects of a ledger as they would be if the pure state machine took one more step from them, told of nothing but the
 * exported objects. An operator that is at rest has left nothing for it to do.
 * @param settled nothing has changed for longer than violations of inventory rules are held back, so that none may be
 */
export function replay(
  { cluster, byLedger, inventory, owner }: JudgedCluster,
  { compiled, baselineTakenAt }: ExportedPolicy,
  ledger: StoredLedger,
  now: number,
  settled: boolean,
): readonly StoredObject[] {
  const namespace = ledger.namespace === "" ? undefined : ledger.namespace;
  const info = cluster.namespaces.get(ledger.namespace);
  const id = { policy: compiled, namespace };
  const baseline = decodeBaseline(ledger.baselines, id).stored;
  const report = decodeReport(ledger.reports, id).stored;
  const judged = [...(byLedger.get(ledger.namespace) ?? [])].sort((a, b) =>
    resourceRef(a.id) < resourceRef(b.id) ? -1 : 1,
  );
  const step = (at: number, memory: LedgerMemory) =>
    stepLedger({
      now: at,
      policy: ledgerPolicy(compiled, baselineTakenAt === undefined ? undefined : Date.parse(baselineTakenAt)),
      stored: { baseline, report },
      memory,
      evidence: buildEvidence({
        policy: compiled,
        namespace:
          namespace === undefined || info === undefined ? undefined : { name: namespace, createdAt: info.createdAt },
        namespaceLabels: info?.labels,
        judged,
        inventory: evaluateInventory(compiled, judged, inventory, () => true),
        kinds: kindsOf(compiled, cluster.kinds),
        owner,
        // Every exported object is judged, so there is none without a record.
        exists: () => false,
        previous: baseline,
        now: at,
        fullScan: false,
      }),
    });
  const first = step(now, emptyMemory);
  const last = settled ? step(now + pendingMs + 1_000, first.memory) : first;
  const storing = storingOf({ baseline, report }, last);
  const options = { mayShrink: false };
  const reports = storing.report === undefined ? undefined : encodeReport(storing.report, id, ledger.reports, options);
  const writes = [
    encodeBaseline(storing.baseline, id, ledger.baselines, options),
    ...(reports === undefined ? [] : [reports]),
  ];
  return applied([...ledger.baselines, ...ledger.reports], writes);
}

/** All that a policy asks for was listed; what is not served is empty. */
function kindsOf(policy: CompiledPolicy, served: ReadonlySet<KindName>): ReadonlyMap<KindName, KindEvidence> {
  const named = [...policy.kinds, ...policy.reads].filter((kind) => !kind.startsWith("*."));
  const evidence = new Map<KindName, KindEvidence>();
  for (const kind of named) evidence.set(kind, { state: "complete", served: served.has(kind) });
  for (const kind of served) evidence.set(kind, { state: "complete", served: true });
  return evidence;
}

interface Writes {
  readonly puts: readonly object[];
  readonly deletes: readonly { readonly kind: string; readonly name: string }[];
}

function applied(stored: readonly StoredObject[], writes: readonly Writes[]): readonly StoredObject[] {
  const keyOf = (kind: string, name: string) => `${kind}/${name}`;
  const objects = new Map(stored.map((object) => [keyOf(object.kind, object.metadata.name), object]));
  for (const { puts, deletes } of writes) {
    for (const put of puts as readonly StoredObject[]) objects.set(keyOf(put.kind, put.metadata.name), put);
    for (const { kind, name } of deletes) objects.delete(keyOf(kind, name));
  }
  return [...objects.values()];
}
