import type { ResourceId } from "../resource.ts";
import { flagAt } from "../views/fields.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface ServiceAccountFacts {
  readonly id: ResourceId;
  /** Whether Pods that say nothing themselves get its token, if it says so. */
  readonly automountToken?: boolean;
}

export function serviceAccountFacts(view: ResourceView): ServiceAccountFacts {
  const automountToken = flagAt(view.object, "automountServiceAccountToken");
  return automountToken === undefined ? { id: view.id } : { id: view.id, automountToken };
}
