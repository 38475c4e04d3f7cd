import { maxChain, type OwnerLookup } from "../folding.ts";
import type { Controller, Judged } from "../judged.ts";
import { noOwnership, type Ownership, ownershipOf } from "./ownership.ts";

const namespaceKind = "Namespace";

export interface ResolvedOwnership extends Ownership {
  /** A controller that was not found and that may know more. */
  readonly unknownController?: Controller;
}

/**
 * Owner and source of one resource. For each the first that names one counts: the resource, its controller, that one's controller and so
 * on; for the owner at last the namespace. What is in a namespace need not come from where the namespace comes from.
 * @param members everything that the resource stands for, sorted by ref: a Pod with ephemeral containers counts only where its
 *   controller is not known, and of siblings with a generated name the first that says something
 */
export function resolveOwnership(members: readonly Judged[], lookup: OwnerLookup): ResolvedOwnership {
  const tops = members.filter(({ role }) => role === "judged");
  const own = tops.length > 0 ? tops : members;
  const [first] = own;
  if (first === undefined) return noOwnership;
  const { namespace } = first.id;
  let owner = firstOf(own, "owner");
  let source = firstOf(own, "source");
  let { controller } = first;
  let unknownController: Controller | undefined;
  for (let steps = 0; steps < maxChain && controller !== undefined; steps++) {
    if (owner !== undefined && source !== undefined) break;
    const next = lookup(namespace, controller.kind, controller.name);
    if (next === undefined) {
      unknownController = controller;
      break;
    }
    owner ??= next.ownership?.owner;
    source ??= next.ownership?.source;
    controller = next.controller;
  }
  if (namespace !== "") owner ??= lookup(namespace, namespaceKind, namespace)?.ownership?.owner;
  const ownership = ownershipOf(owner, source);
  return unknownController === undefined ? ownership : { ...ownership, unknownController };
}

function firstOf(judged: readonly Judged[], field: keyof Ownership): string | undefined {
  return judged.find(({ ownership }) => ownership?.[field] !== undefined)?.ownership?.[field];
}
