import type { ResourceId } from "../resource.ts";
import type { TextMap } from "../views/fields.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface NamespaceFacts {
  readonly id: ResourceId;
  readonly labels: TextMap;
}

export function namespaceFacts(view: ResourceView): NamespaceFacts {
  return { id: view.id, labels: view.labels };
}
