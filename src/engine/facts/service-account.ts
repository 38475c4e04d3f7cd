import type { ResourceId } from "../resource.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface ServiceAccountFacts {
  readonly id: ResourceId;
}

export function serviceAccountFacts(view: ResourceView): ServiceAccountFacts {
  return { id: view.id };
}
