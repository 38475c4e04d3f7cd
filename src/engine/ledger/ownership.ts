import { type Ownership, ownershipOf } from "../ownership/ownership.ts";
import type { ResourceRef } from "../resource.ts";
import type { LedgerInput } from "./types.ts";

/** Who answers for a resource, as far as it is known now; else as the stored report says, and of what is gone at last the Baseline. */
export function ownershipReader({
  evidence: { resources },
  stored: { baseline, report },
}: Pick<LedgerInput, "evidence" | "stored">): (ref: ResourceRef) => Ownership {
  let listed: ReadonlyMap<ResourceRef, Ownership> | undefined;
  let waiting: ReadonlyMap<ResourceRef, Ownership> | undefined;
  return (ref) => {
    const resource = resources.get(ref);
    const known = resource?.ownership();
    if (known !== undefined) return known;
    listed ??= byRef(report?.violating);
    let before = listed.get(ref);
    if (before === undefined && resource === undefined) {
      waiting ??= byRef(baseline?.resources);
      before = waiting.get(ref);
    }
    return ownershipOf(before?.owner, before?.source);
  };
}

function byRef(resources: readonly (Ownership & { readonly ref: ResourceRef })[] = []) {
  return new Map<ResourceRef, Ownership>(resources.map((resource) => [resource.ref, resource]));
}
