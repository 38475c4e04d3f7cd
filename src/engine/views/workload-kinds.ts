import type { KindName } from "../resource.ts";

/** Where each workload kind keeps its pod template; `[]` = the object is the Pod itself. Any version of the group. */
const templates: ReadonlyMap<KindName, readonly string[]> = new Map([
  ["Pod", []],
  ["PodTemplate", ["template"]],
  ["ReplicationController", ["spec", "template"]],
  ["Deployment.apps", ["spec", "template"]],
  ["ReplicaSet.apps", ["spec", "template"]],
  ["StatefulSet.apps", ["spec", "template"]],
  ["DaemonSet.apps", ["spec", "template"]],
  ["Deployment.extensions", ["spec", "template"]],
  ["ReplicaSet.extensions", ["spec", "template"]],
  ["StatefulSet.extensions", ["spec", "template"]],
  ["DaemonSet.extensions", ["spec", "template"]],
  ["Job.batch", ["spec", "template"]],
  ["CronJob.batch", ["spec", "jobTemplate", "spec", "template"]],
  ["Rollout.argoproj.io", ["spec", "template"]],
  ["DeploymentConfig.apps.openshift.io", ["spec", "template"]],
]);

/** Every kind that has a pod template, or is a Pod: what rules call a workload. */
export const workloadKinds: readonly KindName[] = [...templates.keys()];

/** Steps from the object to its pod template, undefined where the kind is no workload. */
export function templatePath(kind: KindName): readonly string[] | undefined {
  return templates.get(kind);
}

/** Workloads whose Pods end by design, so that nothing has to keep them alive. */
const finite: ReadonlySet<KindName> = new Set(["Job.batch", "CronJob.batch"]);

/** Those that run for ever, as far as the kind decides; a Pod is also asked for its restartPolicy. */
export function runsForever(kind: KindName): boolean {
  return templates.has(kind) && !finite.has(kind);
}
