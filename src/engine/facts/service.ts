import type { ResourceId } from "../resource.ts";
import { integerAt, recordsAt, textAt } from "../views/fields.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface ServiceFacts {
  readonly id: ResourceId;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  /** Undefined where the only port has none. */
  readonly name: string | undefined;
  readonly number: number | undefined;
}

export function serviceFacts(view: ResourceView): ServiceFacts {
  const ports = recordsAt(view.object, "spec", "ports");
  return {
    id: view.id,
    ports: ports.map((port) => ({ name: textAt(port, "name") || undefined, number: integerAt(port, "port") })),
  };
}
