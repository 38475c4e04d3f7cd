import type { ResourceId } from "../resource.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface ResourceQuotaFacts {
  readonly id: ResourceId;
}

export function resourceQuotaFacts(view: ResourceView): ResourceQuotaFacts {
  return { id: view.id };
}
