import type { ResourceId } from "../resource.ts";
import { type LabelSelector, readMapSelector } from "../values/label-selector.ts";
import { integerAt, recordsAt, type TextMap, textAt, valueAt } from "../views/fields.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface ServiceFacts {
  readonly id: ResourceId;
  readonly labels: TextMap;
  readonly ports: readonly ServicePort[];
  /** Undefined where it selects nothing. */
  readonly selector: LabelSelector | undefined;
  /** Has no address of its own: its name stands for the Pods. */
  readonly headless: boolean;
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
    labels: view.labels,
    ports: ports.map((port) => ({ name: textAt(port, "name") || undefined, number: integerAt(port, "port") })),
    selector: readMapSelector(valueAt(view.object, "spec", "selector")),
    headless: textAt(view.object, "spec", "clusterIP") === "None",
  };
}
