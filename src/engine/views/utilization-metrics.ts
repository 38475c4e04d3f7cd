import { fieldsAt, integerAt, recordsAt, textAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

/** A metric of a HorizontalPodAutoscaler that is a share of what the Pods request. */
export interface UtilizationMetric {
  readonly resource: "cpu" | "memory";
  /** The one container that is measured; all of them where it is undefined. */
  readonly container: string | undefined;
}

const cpuOfAll = { resource: "cpu", container: undefined } as const satisfies UtilizationMetric;

/**
 * In any version of the API: v1 knows the CPU alone, v2 a list, the betas of which spell the target otherwise. An
 * autoscaler without any metric goes by the CPU, as the API server fills in.
 */
export function utilizationMetrics({ object, apiVersion }: ResourceView): readonly UtilizationMetric[] {
  const metrics = apiVersion === "autoscaling/v1" ? [] : recordsAt(object, "spec", "metrics");
  if (metrics.length === 0) return [cpuOfAll];
  return metrics.flatMap((metric): readonly UtilizationMetric[] => {
    const type = textAt(metric, "type");
    const source = fieldsAt(metric, type === "ContainerResource" ? "containerResource" : "resource");
    const resource = textAt(source, "name");
    if (type !== "Resource" && type !== "ContainerResource") return [];
    if (resource !== "cpu" && resource !== "memory") return [];
    const isShare =
      textAt(source, "target", "type") === "Utilization" || integerAt(source, "targetAverageUtilization") !== undefined;
    if (!isShare) return [];
    return [{ resource, container: type === "Resource" ? undefined : textAt(source, "container") }];
  });
}
