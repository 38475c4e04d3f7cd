import type { KindName } from "../resource.ts";
import { integerAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

const scaled: ReadonlySet<KindName> = new Set([
  "ReplicationController",
  "Deployment.apps",
  "ReplicaSet.apps",
  "StatefulSet.apps",
  "Deployment.extensions",
  "ReplicaSet.extensions",
  "StatefulSet.extensions",
  "Rollout.argoproj.io",
  "DeploymentConfig.apps.openshift.io",
]);

/**
 * How many Pods the object asks for: `spec.replicas` and its default 1, one for a Pod, none for a PodTemplate. Undefined
 * where the number is not the object's to say: a DaemonSet has as many as there are nodes, Jobs come and go.
 */
export function replicasOf(view: ResourceView): number | undefined {
  if (scaled.has(view.kindName)) return integerAt(view.object, "spec", "replicas") ?? 1;
  if (view.kindName === "Pod") return 1;
  return view.kindName === "PodTemplate" ? 0 : undefined;
}

/** Whether the kind has `spec.replicas`. */
export function hasReplicas(kind: KindName): boolean {
  return scaled.has(kind);
}
