import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { readIntOrPercent } from "../../engine/values/int-or-percent.ts";
import { valueAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "pdb-allows-disruption",
  revision: 1,
  title: "Disruption budgets allow some disruption",
  category: "availability",
  severity: "High",
  kinds: ["PodDisruptionBudget.policy"],
  why: "A budget that allows no eviction, or does not say how many, holds up every drain. The node upgrade waits until somebody deletes the budget, or the platform overrules it and takes all Pods at once.",
  fix: "Set maxUnavailable: 1, or a minAvailable that leaves a Pod to evict; one of the two, not both.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget",
    "https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/",
  ],
  params: z.strictObject({}),
  messages: {
    neither: "Neither minAvailable nor maxUnavailable is set, so no Pod may be evicted",
    both: "minAvailable is {minAvailable} and maxUnavailable is {maxUnavailable}: only one of them may be set",
    noneUnavailable: "maxUnavailable is {actual}: no Pod may be evicted",
    allAvailable: "minAvailable is {actual}: no Pod may be evicted",
  },
  check({ resource: { object }, report }) {
    const minAvailable = readIntOrPercent(valueAt(object, "spec", "minAvailable"));
    const maxUnavailable = readIntOrPercent(valueAt(object, "spec", "maxUnavailable"));
    if (minAvailable === undefined && maxUnavailable === undefined)
      report("neither", { path: path("spec"), data: {}, value: "none" });
    if (minAvailable !== undefined && maxUnavailable !== undefined)
      report("both", {
        path: path("spec"),
        data: { minAvailable: minAvailable.text, maxUnavailable: maxUnavailable.text },
      });
    if (maxUnavailable !== undefined && maxUnavailable.amount <= 0)
      report("noneUnavailable", {
        path: path("spec", "maxUnavailable"),
        data: { actual: maxUnavailable.text },
        value: maxUnavailable.text,
      });
    if (minAvailable?.percent && minAvailable.amount >= 100)
      report("allAvailable", {
        path: path("spec", "minAvailable"),
        data: { actual: minAvailable.text },
        value: minAvailable.text,
      });
  },
});
