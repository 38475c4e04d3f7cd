import { type Ownership, ownershipOf } from "../ownership/ownership.ts";
import type { ResourceRef } from "../resource.ts";
import type { StoredReport } from "./stored.ts";
import type { Evidence } from "./types.ts";

/** Who answers for a resource with rows, as far as it is known now; else as the stored report says. */
export function ownershipReader(
  { resources }: Pick<Evidence, "resources">,
  report: StoredReport | undefined,
): (ref: ResourceRef) => Ownership {
  let stored: ReadonlyMap<ResourceRef, Ownership> | undefined;
  return (ref) => {
    const known = resources.get(ref)?.ownership();
    if (known !== undefined) return known;
    stored ??= new Map((report?.violating ?? []).map((resource) => [resource.ref, resource]));
    const before = stored.get(ref);
    return ownershipOf(before?.owner, before?.source);
  };
}
