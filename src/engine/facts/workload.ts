import type { ResourceId } from "../resource.ts";
import type { TextMap } from "../views/fields.ts";
import { replicasOf } from "../views/replicas.ts";
import type { ResourceView } from "../views/resource-view.ts";

/** What other objects' rules may know about a workload. */
export interface WorkloadFacts {
  readonly id: ResourceId;
  /** Labels its Pods get; undefined where the object has no template of its own. */
  readonly podLabels: TextMap | undefined;
  /** False for a Pod, whose labels are all it has; a controller adds labels of its own to what a template says. */
  readonly fromTemplate: boolean;
  /** `spec.replicas` with its default; undefined where the number is not the object's to say (DaemonSet, Job, CronJob). */
  readonly replicas: number | undefined;
}

export function workloadFacts(view: ResourceView): WorkloadFacts {
  return {
    id: view.id,
    podLabels: view.podSpec?.labels,
    fromTemplate: view.kindName !== "Pod",
    replicas: replicasOf(view),
  };
}
