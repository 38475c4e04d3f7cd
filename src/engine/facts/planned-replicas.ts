import type { Inventory } from "../inventory.ts";
import type { ResourceId } from "../resource.ts";
import type { AutoscalerFacts } from "./autoscaler.ts";
import type { WorkloadFacts } from "./workload.ts";

/** The kinds that `autoscalersOf` and `plannedReplicas` read, for a rule's `reads`. */
export const autoscalerKinds = ["HorizontalPodAutoscaler.autoscaling", "ScaledObject.keda.sh"] as const;

/** The autoscalers of the namespace that target the workload. KEDA keeps an autoscaler of its own beside a ScaledObject. */
export function autoscalersOf(id: ResourceId, inventory: Inventory): readonly AutoscalerFacts[] {
  return autoscalerKinds
    .flatMap((kind) => inventory.list(kind, id.namespace))
    .filter(({ target }) => target?.group === id.group && target.kind === id.kind && target.name === id.name);
}

/**
 * How many Pods the workload may be brought down to: the smallest minimum of its autoscalers, else its replicas.
 * Undefined where the number is not the workload's to say.
 */
export function plannedReplicas(
  workload: Pick<WorkloadFacts, "id" | "replicas">,
  inventory: Inventory,
): number | undefined {
  const autoscalers = autoscalersOf(workload.id, inventory);
  if (autoscalers.length === 0) return workload.replicas;
  return Math.min(...autoscalers.map(({ minReplicas }) => minReplicas));
}
