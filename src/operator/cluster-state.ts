import { isDeepStrictEqual } from "node:util";
import type { OwnerLookup } from "../engine/folding.ts";
import { InventoryStore } from "../engine/inventory-store.ts";
import type { Judged } from "../engine/judged.ts";
import { ledgerNamespace as ledgerNamespaceOf } from "../engine/match.ts";
import { type KindName, kindName, type ResourceId, type ResourceRef, resourceRef } from "../engine/resource.ts";
import { Controlled } from "./controlled.ts";
import { ForeignReaders } from "./foreign-readers.ts";

/** What one upsert or delete means for the ledgers. */
export interface StateChange {
  /** Namespace of the object; a Namespace object counts to its own. Empty for other cluster-scoped objects. */
  readonly namespace: string;
  /** Policies (by `verdictKey`) whose verdict or resource count may differ from before. */
  readonly verdictKeys: ReadonlySet<string>;
  /** Kind whose inventory facts changed: rules of other objects may judge differently now. */
  readonly facts: KindName | undefined;
  /** Namespaces with objects of which it says who owns them or what put them there, and says something else now. */
  readonly spokenFor: readonly string[];
  /** Other namespaces with objects whose verdict rests on these facts. */
  readonly readers: readonly string[];
}

/**
 * Everything the operator remembers of the cluster: one small record per object, never the object. A Pod that its controller
 * answers for leaves no record at all; folded ReplicaSets and Jobs do, because owner chains run through them.
 */
export class ClusterState {
  /** Facts of siblings, kept in step with the records. */
  readonly inventory = new InventoryStore();
  readonly #namespaces = new Map<string, Map<ResourceRef, Judged>>();
  readonly #foreignReaders = new ForeignReaders();
  readonly #controlled = new Controlled();

  /** Takes in what was judged; returns what it changes, or undefined if nothing that any ledger could see. */
  upsert(judged: Judged): StateChange | undefined {
    const namespace = ledgerNamespace(judged.id);
    const ref = resourceRef(judged.id);
    const before = this.#namespaces.get(namespace)?.get(ref);
    // One that was judged before and has found a controller is kept: it is not gone, only out of the ledger's hands.
    if (judged.role === "folded" && judged.id.kind === "Pod" && before === undefined) return undefined;
    let records = this.#namespaces.get(namespace);
    if (records === undefined) {
      records = new Map();
      this.#namespaces.set(namespace, records);
    }
    records.set(ref, judged);
    this.#foreignReaders.replace(before, judged);
    this.#controlled.replace(before, judged);
    if (judged.facts !== undefined) this.inventory.upsert(judged.facts);
    else if (before?.facts !== undefined) this.inventory.remove(judged.id);
    return this.#change(namespace, before, judged);
  }

  remove(id: ResourceId): StateChange | undefined {
    return this.#drop(ledgerNamespace(id), resourceRef(id));
  }

  /** Forgets every object of a kind that nothing asks for any more. */
  forgetKind(kind: KindName): readonly StateChange[] {
    const changes: StateChange[] = [];
    for (const [namespace, records] of this.#namespaces) {
      for (const [ref, judged] of records) {
        if (kindName(judged.id.group, judged.id.kind) !== kind) continue;
        const dropped = this.#drop(namespace, ref);
        if (dropped !== undefined) changes.push(dropped);
      }
    }
    return changes;
  }

  /** All records that belong to the ledgers of a namespace; `""`: the cluster-scoped ones. */
  records(namespace: string): Iterable<Judged> {
    return this.#namespaces.get(namespace)?.values() ?? [];
  }

  get(namespace: string, ref: ResourceRef): Judged | undefined {
    return this.#namespaces.get(namespace)?.get(ref);
  }

  /** Finds owners, folded ones too. */
  readonly owner: OwnerLookup = (namespace, kind, name) => {
    const ref = `${kind}/${name}`;
    return this.get(namespace, ref) ?? this.get("", ref);
  };

  /** Namespaces that hold any record, sorted. */
  namespaces(): readonly string[] {
    return [...this.#namespaces.keys()].filter((name) => name !== "").sort();
  }

  #drop(namespace: string, ref: ResourceRef): StateChange | undefined {
    const records = this.#namespaces.get(namespace);
    const before = records?.get(ref);
    if (records === undefined || before === undefined) return undefined;
    records.delete(ref);
    this.#foreignReaders.replace(before, undefined);
    this.#controlled.replace(before, undefined);
    if (before.facts !== undefined) this.inventory.remove(before.id);
    if (records.size === 0) this.#namespaces.delete(namespace);
    return this.#change(namespace, before, undefined);
  }

  #change(namespace: string, before: Judged | undefined, after: Judged | undefined): StateChange | undefined {
    const factsChanged = !isDeepStrictEqual(before?.facts, after?.facts);
    const verdictChanged = !isDeepStrictEqual(visible(before), visible(after));
    if (!factsChanged && !verdictChanged) return undefined;
    const known = after ?? before;
    const ownershipChanged = !isDeepStrictEqual(before?.ownership, after?.ownership);
    const facts = factsChanged && known !== undefined ? kindName(known.id.group, known.id.kind) : undefined;
    return {
      namespace,
      verdictKeys: new Set(verdictChanged ? [...keysOf(before), ...keysOf(after)] : []),
      facts,
      spokenFor: ownershipChanged && known !== undefined ? this.#controlled.answersTo(known) : [],
      readers: facts === undefined ? [] : this.#foreignReaders.of(facts, namespace),
    };
  }
}

/** The ledger an object belongs to; empty for cluster-scoped objects but Namespaces. */
function ledgerNamespace(id: ResourceId): string {
  return ledgerNamespaceOf(id) ?? "";
}

/** The part of a record that a ledger can see. */
function visible(judged: Judged | undefined): unknown {
  if (judged === undefined) return undefined;
  const { uid, role, controller, generateName, ownership, inScope, verdicts, trace } = judged;
  return { uid, role, controller, generateName, ownership, inScope, verdicts, trace };
}

function keysOf(judged: Judged | undefined): readonly string[] {
  return judged === undefined ? [] : [...judged.inScope, ...judged.verdicts.keys()];
}
