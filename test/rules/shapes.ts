import * as models from "@kubernetes/client-node";
import type { KubeObject } from "../../src/engine/resource.ts";

/** One field as Kubernetes' OpenAPI document gives it, through the models of the client library. */
interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

/** Kinds that rules look at, with the model that has their shape. */
export const shapedKinds = [
  ["v1", "Pod", "V1Pod"],
  ["v1", "PodTemplate", "V1PodTemplate"],
  ["v1", "ReplicationController", "V1ReplicationController"],
  ["v1", "Service", "V1Service"],
  ["v1", "Endpoints", "V1Endpoints"],
  ["v1", "ConfigMap", "V1ConfigMap"],
  ["v1", "Secret", "V1Secret"],
  ["v1", "ServiceAccount", "V1ServiceAccount"],
  ["v1", "Namespace", "V1Namespace"],
  ["v1", "PersistentVolume", "V1PersistentVolume"],
  ["v1", "PersistentVolumeClaim", "V1PersistentVolumeClaim"],
  ["v1", "ResourceQuota", "V1ResourceQuota"],
  ["v1", "LimitRange", "V1LimitRange"],
  ["apps/v1", "Deployment", "V1Deployment"],
  ["apps/v1", "ReplicaSet", "V1ReplicaSet"],
  ["apps/v1", "StatefulSet", "V1StatefulSet"],
  ["apps/v1", "DaemonSet", "V1DaemonSet"],
  ["batch/v1", "Job", "V1Job"],
  ["batch/v1", "CronJob", "V1CronJob"],
  ["argoproj.io/v1alpha1", "Rollout", "V1Deployment"],
  ["apps.openshift.io/v1", "DeploymentConfig", "V1Deployment"],
  ["autoscaling/v2", "HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"],
  ["policy/v1", "PodDisruptionBudget", "V1PodDisruptionBudget"],
  ["networking.k8s.io/v1", "Ingress", "V1Ingress"],
  ["networking.k8s.io/v1", "IngressClass", "V1IngressClass"],
  ["networking.k8s.io/v1", "NetworkPolicy", "V1NetworkPolicy"],
  ["discovery.k8s.io/v1", "EndpointSlice", "V1EndpointSlice"],
  ["storage.k8s.io/v1", "StorageClass", "V1StorageClass"],
  ["scheduling.k8s.io/v1", "PriorityClass", "V1PriorityClass"],
  ["rbac.authorization.k8s.io/v1", "Role", "V1Role"],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", "V1ClusterRole"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding", "V1RoleBinding"],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "V1ClusterRoleBinding"],
  ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "V1ValidatingWebhookConfiguration"],
  ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "V1MutatingWebhookConfiguration"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "V1CustomResourceDefinition"],
] as const;

/** Makes objects of the shapes of Kubernetes, of which much is missing, null, of another type, huge or odd. */
export class ShapeMaker {
  readonly #next: () => number;
  readonly #words: readonly string[];

  /** @param words texts that rules ask about; two makers with the same seed and words make the same */
  constructor(seed: number, words: readonly string[]) {
    this.#next = numbers(seed);
    this.#words = words;
  }

  object(): KubeObject {
    const [apiVersion, kind, model] = this.#pick(shapedKinds) ?? shapedKinds[0];
    const made = this.#model(model, 0);
    const metadata = {
      ...(typeof made.metadata === "object" ? made.metadata : {}),
      name: `o${Math.floor(this.#next() * 20)}`,
      namespace: this.#pick(["shop", "default", "kube-system"]),
    };
    // A controlled object would be judged by nobody.
    Reflect.deleteProperty(metadata, "ownerReferences");
    return { ...made, apiVersion, kind, metadata };
  }

  #model(name: string, depth: number): Record<string, unknown> {
    const attributes = attributesOf(name) ?? [];
    // The way to the containers is made nearly always, or nothing would be judged.
    const isKept = ({ baseName }: Attribute) => waypoints.has(baseName) || this.#next() < (depth < 4 ? 0.35 : 0.2);
    return Object.fromEntries(attributes.filter(isKept).map((one) => [one.baseName, this.#attribute(one, depth)]));
  }

  #attribute({ baseName, type }: Attribute, depth: number): unknown {
    const odd = waypoints.has(baseName) ? 0.03 : 0.15;
    return this.#next() < odd ? this.#odd() : this.#typed(type, depth + 1);
  }

  #typed(type: string, depth: number): unknown {
    const list = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
    if (list !== undefined) return Array.from({ length: this.#below(4) }, () => this.#typed(list, depth + 1));
    const value = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
    if (value !== undefined)
      return Object.fromEntries(
        Array.from({ length: this.#below(4) }, () => [this.#word(), this.#typed(value, depth + 1)]),
      );
    if (attributesOf(type) !== undefined) return depth > 12 ? {} : this.#model(type, depth);
    switch (type) {
      case "boolean":
        return this.#next() < 0.5;
      case "number":
        return this.#pick([0, 1, -1, 2, 22, 80, 443, 1000, 65_536, 1.5]);
      case "IntOrString":
        return this.#pick([0, 1, "50%", "100%", "0%", "http", 8080]);
      default:
        return this.#word();
    }
  }

  #word(): string {
    return this.#pick(this.#words) ?? "";
  }

  #odd(): unknown {
    return this.#pick(oddValues);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[this.#below(from.length)];
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }
}

const waypoints: ReadonlySet<string> = new Set(["spec", "template", "jobTemplate", "containers", "name", "rules"]);

const oddValues: readonly unknown[] = [
  null,
  "",
  "true",
  "*",
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [null],
  [[{}]],
  { name: null },
  "\u2028\u0000\ud800",
  "𝓾𝓷𝓲𝓬𝓸𝓭𝓮 \u202e مرحبا 你好",
  "a]b[name=\"c'",
  "x".repeat(100_000),
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": null, "hasOwnProperty": 1}'),
];

function attributesOf(name: string): readonly Attribute[] | undefined {
  const model: unknown = Reflect.get(models, name);
  if (typeof model !== "function" || !("getAttributeTypeMap" in model)) return undefined;
  const { getAttributeTypeMap } = model;
  return typeof getAttributeTypeMap === "function" ? (getAttributeTypeMap.call(model) as Attribute[]) : undefined;
}

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
