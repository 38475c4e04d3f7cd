import type { Controller } from "../judged.ts";
import type { ResourceId } from "../resource.ts";
import { defaultOwnershipSettings, type Ownership, type OwnershipSettings, ownershipOf } from "./ownership.ts";
import { readOwner } from "./read-owner.ts";
import { readSource } from "./read-source.ts";

/** What an object itself says of its owner and source; undefined if nothing. */
export function readOwnership(
  object: unknown,
  id: ResourceId,
  controller: Controller | undefined,
  { ownerKeys, argocdInstanceLabel }: OwnershipSettings = defaultOwnershipSettings,
): Ownership | undefined {
  const owner = readOwner(object, ownerKeys);
  const source = readSource(object, id, controller, argocdInstanceLabel);
  return owner === undefined && source === undefined ? undefined : ownershipOf(owner, source);
}
