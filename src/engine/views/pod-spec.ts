import { ContainerView } from "./container.ts";
import { type Fields, fieldsAt, flagAt, recordsAt, type TextMap, textAt, textMapAt } from "./fields.ts";
import { path } from "./path.ts";
import { ResourceAmounts } from "./resource-amounts.ts";

/** One volume of the pod, addressed by name. */
export interface VolumeView {
  readonly name: string;
  /** `volumes[name=x]`. */
  readonly path: string;
  readonly fields: Fields;
}

/** The pod spec of any workload kind, with defaults and inheritance resolved once. Paths carry no pod prefix. */
export class PodSpecView {
  /** The spec as written. */
  readonly fields: Fields;
  readonly labels: TextMap;
  readonly annotations: TextMap;
  /** Metadata of the Pods to come, as written, and its place in the object: `spec.template.metadata`. */
  readonly metadata: Fields | undefined;
  readonly metadataPath: string;
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

  constructor(template: {
    readonly spec: Fields;
    readonly metadata: Fields | undefined;
    readonly metadataPath: string;
    /** Leaves out all but the ephemeral containers; pod-level values still count for inheritance. */
    readonly onlyEphemeral: boolean;
  }) {
    const { spec } = template;
    this.fields = spec;
    this.metadata = template.metadata;
    this.metadataPath = template.metadataPath;
    this.labels = textMapAt(template.metadata, "labels");
    this.annotations = textMapAt(template.metadata, "annotations");
    this.securityContext = fieldsAt(spec, "securityContext");
    this.resources = new ResourceAmounts(fieldsAt(spec, "resources"));
    this.restartPolicy = textAt(spec, "restartPolicy") || "Always";
    this.serviceAccountName = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount") || "default";
    this.hostUsers = flagAt(spec, "hostUsers");
    this.volumes = recordsAt(spec, "volumes").map((fields) => {
      const name = textAt(fields, "name") ?? "";
      return { name, path: path("volumes", { name }), fields };
    });
    this.all = containersOf(spec, this.securityContext, template.onlyEphemeral);
    this.run = this.all.filter(({ sort }) => sort === "main" || sort === "sidecar");
    this.spec = this.all.filter(({ sort }) => sort !== "ephemeral");
  }
}

function containersOf(spec: Fields, security: Fields | undefined, onlyEphemeral: boolean): readonly ContainerView[] {
  const ephemeral = recordsAt(spec, "ephemeralContainers").map((one) => new ContainerView("ephemeral", one, security));
  if (onlyEphemeral) return ephemeral;
  const main = recordsAt(spec, "containers").map((one) => new ContainerView("main", one, security));
  const init = recordsAt(spec, "initContainers");
  const sidecar = init.filter(restartsAlways).map((one) => new ContainerView("sidecar", one, security));
  const plain = init.filter((one) => !restartsAlways(one)).map((one) => new ContainerView("init", one, security));
  return [...main, ...sidecar, ...plain, ...ephemeral];
}

function restartsAlways(container: Fields): boolean {
  return textAt(container, "restartPolicy") === "Always";
}
