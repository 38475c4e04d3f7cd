import { type JsonPointer, pointerTo } from "../patch.ts";
import { type ImageReference, parseImage } from "../values/image.ts";
import { type Fields, fieldsAt, flagAt, integerAt, recordsAt, textAt } from "./fields.ts";
import { below, path, type Step } from "./path.ts";
import { ResourceAmounts } from "./resource-amounts.ts";

/** *main* `containers`; *sidecar* initContainers that restart Always; *init* the others; *ephemeral* `ephemeralContainers`. */
export type ContainerSort = "main" | "sidecar" | "init" | "ephemeral";

const listOf = {
  main: "containers",
  sidecar: "initContainers",
  init: "initContainers",
  ephemeral: "ephemeralContainers",
} as const satisfies Record<ContainerSort, string>;

/** What a container takes from its pod where it says nothing itself. Objects are replaced whole, never merged. */
export type InheritedField =
  | "runAsUser"
  | "runAsGroup"
  | "runAsNonRoot"
  | "seccompProfile"
  | "appArmorProfile"
  | "seLinuxOptions"
  | "windowsOptions";

export type ProbeField = "livenessProbe" | "readinessProbe" | "startupProbe";

/** What a container knows of the pod that it is in. */
export interface ContainerHost {
  /** Of the pod spec. */
  readonly pointer: JsonPointer;
  readonly securityContext: Fields | undefined;
}

/** One container of any sort, with what its pod lends it. */
export class ContainerView {
  readonly sort: ContainerSort;
  /** The container as written. */
  readonly fields: Fields;
  /** Empty where the manifest has none. */
  readonly name: string;
  /** Undefined where absent or empty. */
  readonly image: string | undefined;
  readonly securityContext: Fields | undefined;
  readonly resources: ResourceAmounts;
  #reference: { readonly read: ImageReference | undefined } | undefined;
  #env: readonly Fields[] | undefined;
  #path: string | undefined;
  readonly #index: number;
  readonly #pod: ContainerHost;

  /** `index`: where it stands in its list. */
  constructor(sort: ContainerSort, fields: Fields, index: number, pod: ContainerHost) {
    this.sort = sort;
    this.fields = fields;
    this.name = textAt(fields, "name") ?? "";
    this.image = textAt(fields, "image") || undefined;
    this.securityContext = fieldsAt(fields, "securityContext");
    this.resources = new ResourceAmounts(fieldsAt(fields, "resources"));
    this.#index = index;
    this.#pod = pod;
  }

  /** The entries of `env`, in the order written. */
  get env(): readonly Fields[] {
    this.#env ??= recordsAt(this.fields, "env");
    return this.#env;
  }

  /** The image, read; undefined where there is no name in it. */
  get imageReference(): ImageReference | undefined {
    this.#reference ??= { read: this.image === undefined ? undefined : parseImage(this.image) };
    return this.#reference.read;
  }

  /** `initContainers[name=x]`. */
  get path(): string {
    this.#path ??= path(listOf[this.sort], { name: this.name });
    return this.#path;
  }

  /** Where it stands in the object, for a patch: `/spec/template/spec/containers/0`. */
  get pointer(): JsonPointer {
    return pointerTo(this.#pod.pointer, listOf[this.sort], this.#index);
  }

  /** A place inside this container: `at("resources", "limits")` → `containers[name=x].resources.limits`. */
  at(...steps: readonly Step[]): string {
    return below(this.path, ...steps);
  }

  effectiveFlag(field: InheritedField): boolean | undefined {
    return flagAt(this.securityContext, field) ?? flagAt(this.#pod.securityContext, field);
  }

  effectiveInteger(field: InheritedField): number | undefined {
    return integerAt(this.securityContext, field) ?? integerAt(this.#pod.securityContext, field);
  }

  effectiveFields(field: InheritedField): Fields | undefined {
    return fieldsAt(this.securityContext, field) ?? fieldsAt(this.#pod.securityContext, field);
  }

  /** The probe, if it has a handler: an empty object asks nothing and is no probe. */
  probe(field: ProbeField): Fields | undefined {
    const probe = fieldsAt(this.fields, field);
    return handlers.some((handler) => fieldsAt(probe, handler) !== undefined) ? probe : undefined;
  }
}

const handlers = ["exec", "httpGet", "tcpSocket", "grpc"] as const;
