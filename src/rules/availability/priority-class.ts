import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "priority-class",
  revision: 1,
  title: "Pods have a priority class",
  category: "availability",
  severity: "Low",
  kinds: "workloads",
  why: "When a cluster is full, the scheduler makes room for Pods of higher priority. Where nobody says what matters, the shop waits for room that a batch job holds.",
  fix: "Set priorityClassName to the class that fits what the workload is worth.",
  packs: {},
  references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"],
  params: z.strictObject({
    allowed: z.array(z.string()).optional().describe("Priority classes that are fine; any if unset"),
  }),
  messages: {
    notSet: "priorityClassName is not set",
    notAllowed: "priorityClassName is {actual}, which is not one of {allowed}",
  },
  check({ resource: { podSpec }, params: { allowed }, report }) {
    if (podSpec === undefined) return;
    const actual = textAt(podSpec.fields, "priorityClassName");
    const at = path("priorityClassName");
    if (!actual) report("notSet", { path: at, data: {}, value: "none" });
    else if (allowed !== undefined && !allowed.includes(actual))
      report("notAllowed", {
        path: at,
        data: { actual: printable(actual), allowed: allowed.join(", ") },
        value: actual,
      });
  },
});
