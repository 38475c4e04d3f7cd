import { carry } from "./carried.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { evaluateInventory, type InventoryVerdict } from "./evaluate-inventory.ts";
import { type EvaluationContext, evaluateResource } from "./evaluate-resource.ts";
import { type OwnerLookup, ownerLookup } from "./folding.ts";
import { InventoryStore } from "./inventory-store.ts";
import type { Judged } from "./judged.ts";
import { ledgerNamespace } from "./match.ts";
import type { Ownership } from "./ownership/ownership.ts";
import { resolveOwnership } from "./ownership/resolve-ownership.ts";
import { type KindName, type KubeObject, type ResourceId, resourceRef } from "./resource.ts";
import { whyUnusable } from "./views/resource-view.ts";
import type { Problem, Violation } from "./violation.ts";

export interface EvaluationInput {
  /** In any order. Of two with the same identity the later counts. Lists are unpacked before (`views/unpack-list.ts`). */
  readonly objects: Iterable<KubeObject>;
  readonly policies: readonly CompiledPolicy[];
  readonly context: EvaluationContext;
  /** Kinds of which `objects` holds everything there is; default: all. */
  readonly isComplete?: (kind: KindName) => boolean;
}

export interface Evaluation {
  /** By name of the policy, sorted. */
  readonly policies: ReadonlyMap<string, PolicyVerdict>;
  /** Why some of the objects could not be judged at all, in input order. */
  readonly unusable: readonly { readonly object: KubeObject; readonly reason: string }[];
}

export interface PolicyVerdict {
  /** Sorted by namespace, resource, rule, path and value class; what counts several times stands several times. */
  readonly violations: readonly CarriedViolation[];
  /** Rules that threw; sorted by rule and resource. */
  readonly problems: readonly Problem[];
  /** Rules that were not run, with the first kind that is incomplete. */
  readonly unverified: ReadonlyMap<string, KindName>;
  /** How many resources were judged: folded objects count with their controllers, a generated family once. */
  readonly resources: number;
}

interface CarriedViolation extends Ownership {
  readonly resource: ResourceId;
  readonly violation: Violation;
}

/** Judges a set of objects at once: the same two steps that the operator takes object by object. */
export function evaluate({ objects, policies, context, isComplete = () => true }: EvaluationInput): Evaluation {
  const known = new Map<string, Judged>();
  const unusable: { object: KubeObject; reason: string }[] = [];
  for (const object of objects) {
    const judged = evaluateResource(object, policies, context);
    if (judged === undefined) unusable.push({ object, reason: whyUnusable(object) ?? "says not what it is" });
    else known.set(`${judged.id.namespace}/${resourceRef(judged.id)}`, judged);
  }
  const inventory = new InventoryStore();
  for (const { facts } of known.values()) if (facts !== undefined) inventory.upsert(facts);
  const owner = ownerLookup(known.values());
  const ledgers = [...Map.groupBy(known.values(), ({ id }) => ledgerNamespace(id) ?? "")];
  ledgers.sort(([a], [b]) => (a < b ? -1 : 1));
  const byName = policies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const verdicts = byName.map((policy): [string, PolicyVerdict] => {
    const ofLedgers = ledgers.map(([, judged]) => {
      const found = evaluateInventory(policy, judged, inventory, isComplete);
      return { judged, inventory: found, carried: carry(policy, judged, found, owner), owner };
    });
    return [policy.name, verdictOf(policy, ofLedgers)];
  });
  return { policies: new Map(verdicts), unusable };
}

interface LedgerVerdict {
  readonly judged: readonly Judged[];
  readonly inventory: InventoryVerdict;
  readonly carried: ReturnType<typeof carry>;
  readonly owner: OwnerLookup;
}

function verdictOf({ verdictKey }: CompiledPolicy, ledgers: readonly LedgerVerdict[]): PolicyVerdict {
  const violations: CarriedViolation[] = [];
  const problems: Problem[] = [];
  const unverified = new Map<string, KindName>();
  let resources = 0;
  for (const { judged, inventory, carried, owner } of ledgers) {
    resources += carried.size;
    problems.push(...judged.flatMap((one) => one.verdicts.get(verdictKey)?.problems ?? []), ...inventory.problems);
    for (const [rule, kind] of inventory.unverified) unverified.set(rule, kind);
    for (const { id, violations: counted, members } of carried.values()) {
      if (counted.size === 0) continue;
      const { unknownController: _, ...ownership } = resolveOwnership(members, owner);
      for (const { violation, count } of counted.values())
        for (let copies = 0; copies < count; copies++) violations.push({ resource: id, violation, ...ownership });
    }
  }
  const key = ({ rule, resource, reason }: Problem) => `${rule}\n${resource}\n${reason}`;
  return { violations, problems: problems.sort((a, b) => (key(a) < key(b) ? -1 : 1)), unverified, resources };
}
