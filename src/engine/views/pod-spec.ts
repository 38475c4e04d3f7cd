import { type JsonPointer, pointerTo } from "../patch.ts";
import { type ContainerHost, type ContainerSort, ContainerView } from "./container.ts";
import {
  type Fields,
  fieldsAt,
  flagAt,
  isFields,
  listAt,
  recordsAt,
  type TextMap,
  textAt,
  textMapAt,
} from "./fields.ts";
import { type Path, path } from "./path.ts";
import { ResourceAmounts } from "./resource-amounts.ts";

/** One volume of the pod, addressed by name. */
export class VolumeView {
  readonly name: string;
  readonly fields: Fields;

  constructor(fields: Fields) {
    this.name = textAt(fields, "name") ?? "";
    this.fields = fields;
  }

  /** `volumes[name=x]`. */
  get path(): Path {
    return path("volumes", { name: this.name });
  }
}

/** The pod spec of any workload kind, with defaults and inheritance resolved once. Paths carry no pod prefix. */
export class PodSpecView {
  /** The spec as written. */
  readonly fields: Fields;
  /** Metadata of the Pods to come, as written. */
  readonly metadata: Fields | undefined;
  /** Every container that is judged, in the order main, sidecar, init, ephemeral. */
  readonly all: readonly ContainerView[];
  /** Main and sidecar: what keeps running. */
  readonly run: readonly ContainerView[];
  /** Main, sidecar and init: what a template can hold. */
  readonly spec: readonly ContainerView[];
  readonly volumes: readonly VolumeView[];
  readonly securityContext: Fields | undefined;
  /** Pod-level `resources`, which satisfy a resource rule for all containers. */
  readonly resources: ResourceAmounts;
  readonly restartPolicy: string;
  readonly serviceAccountName: string;
  /** False: the pod has a user namespace of its own. */
  readonly hostUsers: boolean | undefined;
  /** The pod says that it runs on Windows; one that says nothing may still do. */
  readonly onWindows: boolean;
  readonly #templatePath: readonly string[];
  #labels: TextMap | undefined;
  #annotations: TextMap | undefined;

  constructor(template: {
    readonly spec: Fields;
    readonly metadata: Fields | undefined;
    /** Steps from the object to the template, `[]` for a Pod. */
    readonly templatePath: readonly string[];
    /** Leaves out all but the ephemeral containers; pod-level values still count for inheritance. */
    readonly onlyEphemeral: boolean;
  }) {
    const { spec } = template;
    this.fields = spec;
    this.metadata = template.metadata;
    this.#templatePath = template.templatePath;
    this.securityContext = fieldsAt(spec, "securityContext");
    this.resources = new ResourceAmounts(fieldsAt(spec, "resources"));
    this.restartPolicy = textAt(spec, "restartPolicy") || "Always";
    this.serviceAccountName = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount") || "default";
    this.hostUsers = flagAt(spec, "hostUsers");
    this.onWindows = textAt(spec, "os", "name") === "windows";
    this.volumes = recordsAt(spec, "volumes").map((fields) => new VolumeView(fields));
    this.all = containersOf(this, template.onlyEphemeral);
    this.run = this.all.filter(({ sort }) => sort === "main" || sort === "sidecar");
    this.spec = this.all.filter(({ sort }) => sort !== "ephemeral");
  }

  get labels(): TextMap {
    this.#labels ??= textMapAt(this.metadata, "labels");
    return this.#labels;
  }

  get annotations(): TextMap {
    this.#annotations ??= textMapAt(this.metadata, "annotations");
    return this.#annotations;
  }

  /** Where its metadata stands in the object: `spec.template.metadata`. */
  get metadataPath(): Path {
    return path(...this.#templatePath, "metadata");
  }

  /** Where it stands in the object, for a patch: `/spec/template/spec`. */
  get pointer(): JsonPointer {
    return pointerTo("", ...this.#templatePath, "spec");
  }
}

function containersOf(
  pod: ContainerHost & { readonly fields: Fields },
  onlyEphemeral: boolean,
): readonly ContainerView[] {
  const read = (list: string, sortOf: (fields: Fields) => ContainerSort) => {
    const containers: ContainerView[] = [];
    for (const [index, one] of listAt(pod.fields, list).entries())
      if (isFields(one)) containers.push(new ContainerView(sortOf(one), one, index, pod));
    return containers;
  };
  const ephemeral = read("ephemeralContainers", () => "ephemeral");
  if (onlyEphemeral) return ephemeral;
  const init = read("initContainers", (fields) => (restartsAlways(fields) ? "sidecar" : "init"));
  const main = read("containers", () => "main");
  // Most pods have no others.
  if (init.length === 0 && ephemeral.length === 0) return main;
  return [
    ...main,
    ...init.filter(({ sort }) => sort === "sidecar"),
    ...init.filter(({ sort }) => sort === "init"),
    ...ephemeral,
  ];
}

function restartsAlways(container: Fields): boolean {
  return textAt(container, "restartPolicy") === "Always";
}
