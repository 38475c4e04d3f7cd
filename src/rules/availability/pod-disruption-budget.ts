import { z } from "zod";
import { autoscalerKinds, plannedReplicas } from "../../engine/facts/planned-replicas.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { selectsPods } from "../../engine/values/label-selector.ts";
import { below } from "../../engine/views/path.ts";
import { replicasOf } from "../../engine/views/replicas.ts";

export const rule = defineInventoryRule({
  id: "pod-disruption-budget",
  revision: 1,
  title: "Replicated workloads have a disruption budget",
  category: "availability",
  severity: "Medium",
  kinds: ["Deployment.apps", "StatefulSet.apps", "Rollout.argoproj.io"],
  reads: ["PodDisruptionBudget.policy", ...autoscalerKinds],
  why: "Without a budget nothing keeps several drains, or a cluster autoscaler, from evicting all replicas at the same time. A node upgrade then is an outage in spite of the replicas.",
  fix: "Create a PodDisruptionBudget with maxUnavailable: 1 that selects the labels of the pod template.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
  ],
  params: z.strictObject({
    minReplicas: z.int().min(1).default(2).describe("Fewest planned replicas that need a budget"),
  }),
  messages: {
    missing: "No PodDisruptionBudget covers the Pods (planned replicas: {replicas})",
  },
  collect({ resource }) {
    const { podSpec } = resource;
    if (podSpec === undefined) return undefined;
    const labelsPath = below(podSpec.metadataPath, "labels");
    return { replicas: replicasOf(resource), pods: { podLabels: podSpec.labels, fromTemplate: true }, labelsPath };
  },
  check({ id, subject: { replicas, pods, labelsPath }, inventory, params, report }) {
    const planned = plannedReplicas({ id, replicas }, inventory) ?? 0;
    if (planned < params.minReplicas) return;
    const budgets = inventory.list("PodDisruptionBudget.policy", id.namespace);
    if (budgets.some(({ selector }) => selectsPods(selector, pods))) return;
    report("missing", { path: labelsPath, data: { replicas: planned }, value: "none" });
  },
});
