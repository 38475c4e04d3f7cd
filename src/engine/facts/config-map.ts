import type { ResourceId } from "../resource.ts";
import { fieldsAt } from "../views/fields.ts";
import type { ResourceView } from "../views/resource-view.ts";

/** The names of the keys only: values are never kept. */
export interface ConfigMapFacts {
  readonly id: ResourceId;
  readonly keys: ReadonlySet<string>;
}

export function configMapFacts(view: ResourceView): ConfigMapFacts {
  const data = fieldsAt(view.object, "data") ?? {};
  const binary = fieldsAt(view.object, "binaryData") ?? {};
  return { id: view.id, keys: new Set([...Object.keys(data), ...Object.keys(binary)].sort()) };
}
