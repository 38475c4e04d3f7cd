import type { ResourceId } from "../resource.ts";
import type { ResourceView } from "../views/resource-view.ts";

/** Of an object of which rules ask only whether it is there. For a Secret nothing else may ever be kept. */
export interface NamedFacts {
  readonly id: ResourceId;
}

export function namedFacts(view: ResourceView): NamedFacts {
  return { id: view.id };
}
