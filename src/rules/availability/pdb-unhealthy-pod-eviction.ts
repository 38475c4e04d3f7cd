import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "pdb-unhealthy-pod-eviction",
  revision: 1,
  title: "Disruption budgets let unhealthy Pods go",
  category: "availability",
  severity: "Low",
  kinds: ["PodDisruptionBudget.policy"],
  why: "By default a Pod that runs but is not ready may be evicted only while the budget is met without it. Pods that crash in a loop then hold up the drain of their node until somebody steps in.",
  fix: "Set spec.unhealthyPodEvictionPolicy to AlwaysAllow.",
  packs: { strict: {} },
  references: ["https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy"],
  params: z.strictObject({}),
  messages: {
    notSet: "unhealthyPodEvictionPolicy is not set, which means IfHealthyBudget: unhealthy Pods may block a drain",
    notAlways: "unhealthyPodEvictionPolicy is {actual}: unhealthy Pods may block a drain",
  },
  check({ resource, report }) {
    const actual = textAt(resource.object, "spec", "unhealthyPodEvictionPolicy") || undefined;
    const at = path("spec", "unhealthyPodEvictionPolicy");
    if (actual === undefined) report("notSet", { path: at, data: {}, value: "none" });
    else if (actual !== "AlwaysAllow")
      report("notAlways", { path: at, data: { actual: printable(actual) }, value: actual });
  },
});
