import type { ContainerView } from "./container.ts";
import { type Fields, fieldsAt } from "./fields.ts";
import { below, type Path, path } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** Something that a security context says, of the pod's or of a container's own. */
export class SecuritySetting {
  /** What is written: the whole context, or the options asked for, maybe empty. */
  readonly fields: Fields;
  /** None: the pod. */
  readonly #container: ContainerView | undefined;
  readonly #field: string | undefined;

  constructor(fields: Fields, container: ContainerView | undefined, field?: string) {
    this.fields = fields;
    this.#container = container;
    this.#field = field;
  }

  /** Who sets it, as a message begins: `The pod`, `Container app`. */
  get subject(): string {
    return this.#container === undefined ? "The pod" : `Container ${this.#container.name}`;
  }

  /** `securityContext`, `containers[name=app].securityContext.seccompProfile`. */
  get path(): Path {
    const context = this.#container?.at("securityContext") ?? path("securityContext");
    return this.#field === undefined ? context : below(context, this.#field);
  }
}

/** The security contexts that are written, without inheritance: the pod's first, then those of its containers. */
export function securityContexts(podSpec: PodSpecView): readonly SecuritySetting[] {
  const found: SecuritySetting[] = [];
  if (podSpec.securityContext !== undefined) found.push(new SecuritySetting(podSpec.securityContext, undefined));
  for (const container of podSpec.all)
    if (container.securityContext !== undefined) found.push(new SecuritySetting(container.securityContext, container));
  return found;
}

/** Where security contexts set the given options, without inheritance: the pod's first, then those of its containers. */
export function securityOptions(
  podSpec: PodSpecView,
  field: "appArmorProfile" | "seccompProfile" | "seLinuxOptions" | "windowsOptions",
): readonly SecuritySetting[] {
  const found: SecuritySetting[] = [];
  for (const of of [undefined, ...podSpec.all]) {
    const options = fieldsAt((of ?? podSpec).securityContext, field);
    if (options !== undefined) found.push(new SecuritySetting(options, of, field));
  }
  return found;
}
