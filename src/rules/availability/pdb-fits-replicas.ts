import { z } from "zod";
import { autoscalerKinds, plannedReplicas } from "../../engine/facts/planned-replicas.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { isEmptySelector, readLabelSelector, selectsPods } from "../../engine/values/label-selector.ts";
import { integerAt, textAt, valueAt } from "../../engine/views/fields.ts";
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
    const { object, apiVersion } = resource;
    if (valueAt(object, "spec", "maxUnavailable") !== undefined) return undefined;
    const minAvailable = readMinAvailable(valueAt(object, "spec", "minAvailable"));
    const selector = readLabelSelector(valueAt(object, "spec", "selector"));
    if (minAvailable === undefined || selector === undefined) return undefined;
    // The empty selector came to mean every Pod with policy/v1 only.
    if (apiVersion === "policy/v1beta1" && isEmptySelector(selector)) return undefined;
    return { minAvailable, selector };
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
      data: { minAvailable: minAvailable.text, replicas, workloads: nameThem(selected.map((one) => one.id.name)) },
      value: minAvailable.text,
    });
  },
});

/** A count, or a percentage that is rounded up; undefined for anything else. */
function readMinAvailable(value: unknown) {
  const count = integerAt(value);
  if (count !== undefined) return { text: String(count), percent: false, amount: count };
  const text = textAt(value) ?? "";
  return /^\d{1,6}%$/.test(text) ? { text, percent: true, amount: Number.parseInt(text, 10) } : undefined;
}

function nameThem(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
