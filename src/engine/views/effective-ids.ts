import type { ContainerView } from "./container.ts";
import { integerAt } from "./fields.ts";
import { type Path, path } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

export type IdField = "runAsUser" | "runAsGroup";

/** A user or group that containers run as, and the place that decides it. */
export class EffectiveId {
  /** Undefined where nothing is set: the image decides. */
  readonly id: number | undefined;
  readonly #field: IdField;
  /** None: the pod. */
  readonly #container: ContainerView | undefined;

  constructor(field: IdField, id: number | undefined, container?: ContainerView) {
    this.id = id;
    this.#field = field;
    this.#container = container;
  }

  /** Who decides, as a message begins: `The pod`, `Container app`. */
  get subject(): string {
    return this.#container === undefined ? "The pod" : `Container ${this.#container.name}`;
  }

  /** `securityContext.runAsUser`, `containers[name=app].securityContext.runAsUser`. */
  get path(): Path {
    return this.#container?.at("securityContext", this.#field) ?? path("securityContext", this.#field);
  }
}

/**
 * What the containers run as, one entry a place: the pod once if any container inherits its value, and each container
 * that says it itself or for which nobody does.
 */
export function effectiveIds(podSpec: PodSpecView, field: IdField): readonly EffectiveId[] {
  const ofPod = integerAt(podSpec.securityContext, field);
  const own: EffectiveId[] = [];
  for (const container of podSpec.all) {
    const id = integerAt(container.securityContext, field);
    if (id !== undefined || ofPod === undefined) own.push(new EffectiveId(field, id, container));
  }
  return own.length === podSpec.all.length ? own : [new EffectiveId(field, ofPod), ...own];
}
