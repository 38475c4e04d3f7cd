import { type KindName, type KubeObject, kindName, type ResourceId } from "../resource.ts";
import { printable } from "../values/printable.ts";
import { fieldsAt, type TextMap, textAt, textMapAt, valueAt, valueBelow } from "./fields.ts";
import { PodSpecView } from "./pod-spec.ts";
import { runsForever, templatePath } from "./workload-kinds.ts";

export interface ViewOptions {
  /**
   * `"ephemeral"`: a Pod that is folded into its controller is judged for its ephemeral containers alone. The view then
   * has no other containers, and `covers` says which violations are the Pod's own.
   */
  readonly only?: "ephemeral";
}

/** Lazy, tolerant reading of one object. Holds on to the object: drop both together. */
export class ResourceView {
  readonly object: KubeObject;
  /** A manifest that only has `generateName` is named by it plus `*`; one without either has an empty name. */
  readonly id: ResourceId;
  readonly kindName: KindName;
  /** As written: `apps/v1`. */
  readonly apiVersion: string;
  /** Came from an API server. Anything else is a manifest. */
  readonly live: boolean;
  readonly isWorkload: boolean;
  readonly only: "ephemeral" | undefined;
  #labels: TextMap | undefined;
  #annotations: TextMap | undefined;
  #podSpec: { readonly view: PodSpecView | undefined } | undefined;

  constructor(object: KubeObject, id: ResourceId, apiVersion: string, only: "ephemeral" | undefined) {
    this.object = object;
    this.id = id;
    this.kindName = kindName(id.group, id.kind);
    this.apiVersion = apiVersion;
    this.live = isLive(object);
    this.isWorkload = templatePath(this.kindName) !== undefined;
    this.only = only;
  }

  get labels(): TextMap {
    this.#labels ??= textMapAt(this.object, "metadata", "labels");
    return this.#labels;
  }

  get annotations(): TextMap {
    this.#annotations ??= textMapAt(this.object, "metadata", "annotations");
    return this.#annotations;
  }

  /** Undefined where the kind is no workload, or has no template of its own (a Rollout with workloadRef). */
  get podSpec(): PodSpecView | undefined {
    this.#podSpec ??= { view: this.#readPodSpec() };
    return this.#podSpec.view;
  }

  /** A workload whose Pods are meant to keep running: no Job, no CronJob, no Pod that ends. */
  get isLongRunning(): boolean {
    if (!runsForever(this.kindName)) return false;
    return this.kindName !== "Pod" || this.podSpec === undefined || this.podSpec.restartPolicy === "Always";
  }

  /** Whether a violation at this path belongs to what the view was restricted to; always so without a restriction. */
  covers(path: string): boolean {
    return this.only === undefined || path.startsWith("ephemeralContainers[");
  }

  #readPodSpec(): PodSpecView | undefined {
    const steps = templatePath(this.kindName);
    if (steps === undefined) return undefined;
    const template = fieldsAt(valueBelow(this.object, steps));
    if (template === undefined || fieldsAt(this.object, "spec", "workloadRef") !== undefined) return undefined;
    return new PodSpecView({
      spec: fieldsAt(template, "spec") ?? {},
      metadata: fieldsAt(template, "metadata"),
      templatePath: steps,
      onlyEphemeral: this.only === "ephemeral",
    });
  }
}

/** Undefined where the object does not say what it is; `whyUnusable` then says what is wrong. */
export function viewResource(object: KubeObject, options: ViewOptions = {}): ResourceView | undefined {
  const read = readIdentity(object);
  return "reason" in read ? undefined : new ResourceView(object, read.id, read.apiVersion, options.only);
}

/** Why `viewResource` refuses the object, ready for a reader; undefined where it does not. */
export function whyUnusable(object: KubeObject): string | undefined {
  const read = readIdentity(object);
  return "reason" in read ? read.reason : undefined;
}

type Identity = { readonly id: ResourceId; readonly apiVersion: string };

function readIdentity(object: KubeObject): Identity | { readonly reason: string } {
  const apiVersion = textAt(object, "apiVersion");
  if (!apiVersion) return { reason: "apiVersion is missing or no string" };
  const read = apiVersionGrammar.exec(apiVersion);
  if (read === null) return { reason: `apiVersion ${quote(apiVersion)} is neither a version nor group/version` };
  const kind = textAt(object, "kind");
  if (!kind) return { reason: "kind is missing or no string" };
  if (!kindGrammar.test(kind)) return { reason: `kind ${quote(kind)} is no legal kind` };
  const name = readName(object);
  if (name === undefined) return { reason: "metadata.name is missing or no string" };
  const namespace = textAt(object, "metadata", "namespace") ?? "";
  return { id: { group: read[1] ?? "", kind, namespace, name }, apiVersion };
}

// What kinds are referred to by, `Deployment.apps/checkout`, reads back only while these hold.
const apiVersionGrammar = /^(?:([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)\/)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const kindGrammar = /^[A-Za-z][-A-Za-z0-9]*$/;

function quote(text: string): string {
  return `"${printable(text, 80)}"`;
}

/** What came from an API server has a name; a manifest without one is still judged, and told so by a rule. */
function readName(object: KubeObject): string | undefined {
  const name = textAt(object, "metadata", "name");
  if (name) return name;
  if (isLive(object)) return undefined;
  const prefix = textAt(object, "metadata", "generateName");
  return prefix ? `${prefix}*` : "";
}

function isLive(object: KubeObject): boolean {
  return Boolean(valueAt(object, "metadata", "uid"));
}
