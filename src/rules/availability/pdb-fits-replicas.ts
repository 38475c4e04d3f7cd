import { z } from "zod";
import { autoscalerKinds, plannedReplicas } from "../../engine/facts/planned-replicas.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { readIntOrPercent } from "../../engine/values/int-or-percent.ts";
import { selectsPods } from "../../engine/values/label-selector.ts";
import { nameList } from "../../engine/values/name-list.ts";
import { budgetSelector } from "../../engine/views/disruption-budget.ts";
import { valueAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "pdb-fits-replicas",
  revision: 1,
  title: "Disruption budgets leave a Pod to evict",
  category: "availability",
  severity: "High",
  kinds: ["PodDisruptionBudget.policy"],
  reads: ["workloads", ...autoscalerKinds],
  why: "A budget that wants as many Pods available as there are allows no eviction at all. Draining a node waits for ever, and so do node upgrades and the cluster autoscaler.",
  fix: "Use maxUnavailable: 1, lower minAvailable below the number of replicas, or run more replicas.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets",
  ],
  params: z.strictObject({}),
  messages: {
    blocksEviction: "minAvailable is {minAvailable} over {replicas} planned Pods of {workloads}: none may be evicted",
  },
  collect({ resource }) {
    const { object } = resource;
    if (valueAt(object, "spec", "maxUnavailable") !== undefined) return undefined;
    const minAvailable = readIntOrPercent(valueAt(object, "spec", "minAvailable"));
    const selector = budgetSelector(resource);
    return minAvailable && selector && { minAvailable, selector };
  },
  check({ id, subject: { minAvailable, selector }, inventory, report }) {
    const selected = inventory.workloads(id.namespace).filter((workload) => selectsPods(selector, workload));
    let replicas = 0;
    for (const workload of selected) {
      const planned = plannedReplicas(workload, inventory);
      // A DaemonSet's Pods are as many as there are nodes: nothing can be said about the sum.
      if (planned === undefined) return;
      replicas += planned;
    }
    const needed = minAvailable.percent ? Math.ceil((minAvailable.amount * replicas) / 100) : minAvailable.amount;
    if (replicas === 0 || needed < replicas) return;
    report("blocksEviction", {
      path: path("spec", "minAvailable"),
      data: {
        minAvailable: minAvailable.text,
        replicas,
        workloads: nameList(selected.map(({ id: { name } }) => name)),
      },
      value: minAvailable.text,
    });
  },
});
