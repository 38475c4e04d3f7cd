import { type PatchOperation, setField } from "../patch.ts";
import { type AmountRequirement, isWithinBounds } from "./amounts-in-bounds.ts";
import type { PodSpecView } from "./pod-spec.ts";

/**
 * Writes the requests that are in force anyway: the API server takes a container's request from its limit where only the
 * limit is set, and the pod's request from the pod's limit where no container has a request. Limits that are themselves
 * out of bounds are not copied.
 */
export function copyLimits(
  pod: PodSpecView,
  { resource, init, min, max }: Pick<AmountRequirement, "resource" | "init" | "min" | "max">,
): readonly PatchOperation[] {
  const names = ["resources", "requests", resource] as const;
  const operations: PatchOperation[] = [];
  for (const { pointer, fields, resources } of init ? pod.spec : pod.run) {
    const limit = resources.limit(resource);
    if (limit === undefined || resources.writtenRequest(resource) !== undefined) continue;
    if (isWithinBounds(limit, { min, max })) operations.push(setField(pointer, fields, [...names], limit.text));
  }
  const limit = pod.resources.limit(resource);
  if (limit === undefined || pod.resources.writtenRequest(resource) !== undefined) return operations;
  if (!isWithinBounds(limit, { min, max })) return operations;
  if (pod.spec.some((container) => container.resources.request(resource) !== undefined)) return operations;
  return [setField(pod.pointer, pod.fields, [...names], limit.text)];
}
