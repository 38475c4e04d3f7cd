import type { CompiledPolicy } from "./compiled-policy.ts";
import type { InventoryVerdict } from "./evaluate-inventory.ts";
import { type Carrier, carrierOf, type OwnerLookup } from "./folding.ts";
import type { Judged } from "./judged.ts";
import type { CountedViolation } from "./ledger/types.ts";
import { type ResourceId, type ResourceRef, resourceRef } from "./resource.ts";
import { compareViolations } from "./run-rule.ts";
import { type Violation, type ViolationKey, violationKey } from "./violation.ts";

/** One resource as a ledger counts it: an object judged itself, with what it carries for others; or a generated family. */
export interface Carried {
  readonly id: ResourceId;
  readonly generated: boolean;
  /** By key, sorted; for a family the maximum over its live siblings. */
  readonly violations: ReadonlyMap<ViolationKey, CountedViolation>;
  /** Everything that it stands for: itself, siblings, Pods with ephemeral containers. Sorted by ref. */
  readonly members: readonly Judged[];
}

/**
 * Puts what was found on the objects of one ledger on those who carry it. Objects that the policy does not judge, that
 * are folded, or that `skip` names are left out.
 * @returns by ref, sorted
 */
export function carry(
  policy: CompiledPolicy,
  judged: Iterable<Judged>,
  inventory: InventoryVerdict,
  owner: OwnerLookup,
  skip: (carrier: Carrier) => boolean = () => false,
): ReadonlyMap<ResourceRef, Carried> {
  const families = new Map<ResourceRef, { readonly carrier: Carrier; readonly members: Judged[] }>();
  for (const one of judged) {
    if (one.role === "folded") continue;
    const carrier = carrierOf(one, owner);
    if (!isInScope(policy, one, carrier) || skip(carrier)) continue;
    const ref = resourceRef(carrier.id);
    const family = families.get(ref);
    if (family === undefined) families.set(ref, { carrier, members: [one] });
    else family.members.push(one);
  }
  const sorted = [...families].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([ref, { carrier, members }]) => [ref, carried(policy, carrier, sortedByRef(members), inventory)]),
  );
}

/** What a Pod carries upwards is in scope where its top controller is; where that is not known, the Pod decides. */
function isInScope({ verdictKey }: CompiledPolicy, judged: Judged, { judged: top }: Carrier): boolean {
  return (top ?? judged).inScope.includes(verdictKey);
}

function sortedByRef(judged: readonly Judged[]): readonly Judged[] {
  if (judged.length === 1) return judged;
  return judged.toSorted((a, b) => (resourceRef(a.id) < resourceRef(b.id) ? -1 : 1));
}

const noViolations: ReadonlyMap<ViolationKey, CountedViolation> = new Map();

function carried(
  { verdictKey }: CompiledPolicy,
  { id, generated }: Carrier,
  members: readonly Judged[],
  inventory: InventoryVerdict,
): Carried {
  const worst = new Map<ViolationKey, CountedViolation>();
  for (const member of members) {
    const found = [...(member.verdicts.get(verdictKey)?.violations ?? []), ...(inventory.violations.get(member) ?? [])];
    for (const [key, counted] of count(found))
      if (counted.count > (worst.get(key)?.count ?? 0)) worst.set(key, counted);
  }
  if (worst.size === 0) return { id, generated, members, violations: noViolations };
  const sorted = [...worst].sort(([, a], [, b]) => compareViolations(a.violation, b.violation));
  return { id, generated, members, violations: new Map(sorted) };
}

function count(violations: readonly Violation[]): ReadonlyMap<ViolationKey, CountedViolation> {
  const counted = new Map<ViolationKey, CountedViolation>();
  for (const violation of violations) {
    const key = violationKey(violation);
    const before = counted.get(key);
    counted.set(key, { violation: before?.violation ?? violation, count: (before?.count ?? 0) + 1 });
  }
  return counted;
}
