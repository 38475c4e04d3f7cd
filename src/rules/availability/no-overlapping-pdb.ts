import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { selectsPods } from "../../engine/values/label-selector.ts";
import { nameList } from "../../engine/values/name-list.ts";
import { budgetSelector } from "../../engine/views/disruption-budget.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "no-overlapping-pdb",
  revision: 1,
  title: "No Pod has two disruption budgets",
  category: "availability",
  severity: "High",
  kinds: ["PodDisruptionBudget.policy"],
  reads: ["workloads", "PodDisruptionBudget.policy"],
  why: "The API server refuses to evict a Pod that two budgets cover, whatever they allow. Draining its node fails until one of them is gone.",
  fix: "Delete one of the budgets, or give them selectors that have no Pod in common.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors",
    "https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/#how-api-initiated-eviction-works",
  ],
  params: z.strictObject({}),
  messages: {
    overlaps: "Pods of {workloads} have another budget too: {budgets}",
  },
  collect({ resource }) {
    return budgetSelector(resource);
  },
  check({ id, subject, inventory, report }) {
    const others = inventory
      .list("PodDisruptionBudget.policy", id.namespace)
      .filter((budget) => budget.id.name !== id.name);
    const workloads = new Set<string>();
    const budgets = new Set<string>();
    for (const workload of inventory.workloads(id.namespace)) {
      if (!selectsPods(subject, workload)) continue;
      for (const budget of others) {
        if (!selectsPods(budget.selector, workload)) continue;
        workloads.add(workload.id.name);
        budgets.add(budget.id.name);
      }
    }
    if (budgets.size === 0) return;
    report("overlaps", {
      path: path("spec", "selector"),
      data: { workloads: nameList(workloads), budgets: nameList(budgets) },
      value: nameList(budgets),
    });
  },
});
