import { z } from "zod";
import { horizontalPodAutoscalerFacts } from "../../engine/facts/autoscaler.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { nameList } from "../../engine/values/name-list.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import { utilizationMetrics } from "../../engine/views/utilization-metrics.ts";

export const rule = defineInventoryRule({
  id: "hpa-resource-request",
  revision: 1,
  title: "Autoscalers by utilization know what is requested",
  category: "availability",
  severity: "High",
  kinds: ["HorizontalPodAutoscaler.autoscaling"],
  reads: ["workloads"],
  why: "Utilization is a share of the request. Where a container requests nothing there is nothing to compute it from: the autoscaler reports an error that nobody reads, and never scales.",
  fix: "Set resources.requests of every container of the target for the resource that the metric names.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics",
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics",
  ],
  params: z.strictObject({}),
  messages: {
    noRequest: "Utilization of {resource} cannot be computed: {target} requests none in {containers}",
    noContainer: "Utilization of {resource} cannot be computed: {target} has no container {containers}",
  },
  collect({ resource }) {
    const { target } = horizontalPodAutoscalerFacts(resource);
    const metrics = utilizationMetrics(resource);
    return target && metrics.length > 0 ? { target, metrics } : undefined;
  },
  check({ id, subject, inventory, report }) {
    const workload = inventory.workload({ ...subject.target, namespace: id.namespace });
    // Without a template of its own nothing is known of its containers.
    if (workload?.podLabels === undefined) return;
    const target = printable(`${subject.target.kind}/${subject.target.name}`);
    for (const [resource, metrics] of Map.groupBy(subject.metrics, (metric) => metric.resource)) {
      const silent = new Set<string>();
      const absent = new Set<string>();
      for (const { container } of metrics) {
        const measured = workload.run.filter(({ name }) => container === undefined || name === container);
        if (measured.length === 0 && container !== undefined) absent.add(container);
        for (const { name, requests } of measured) if (!requests[resource]) silent.add(name);
      }
      // One place in every version of the API: v1 has no list of metrics.
      const at = { path: path("spec", "metrics"), class: resource, value: resource };
      const data = { resource, target, containers: printable(nameList(silent.size > 0 ? silent : absent)) };
      if (silent.size > 0) report("noRequest", { ...at, data });
      else if (absent.size > 0) report("noContainer", { ...at, data });
    }
  },
});
