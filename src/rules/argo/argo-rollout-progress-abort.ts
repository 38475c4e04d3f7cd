import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "argo-rollout-progress-abort",
  revision: 1,
  title: "A Rollout that gets nowhere is aborted",
  category: "argo",
  severity: "Low",
  kinds: ["Rollout.argoproj.io"],
  why: "A Rollout that passes its deadline is only marked as degraded. The broken version keeps its share of the traffic until somebody looks.",
  fix: "Set progressDeadlineAbort to true.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_ROLLOUT_INCORRECT_PROGRESS_DEADLINE_ABORT_VALUE_FALSE" }],
  references: ["https://argo-rollouts.readthedocs.io/en/stable/features/specification/"],
  params: z.strictObject({}),
  messages: {
    goesOn: "progressDeadlineAbort is {actual}: past its deadline the Rollout stays as it is",
  },
  check({ resource, report }) {
    const abort = flagAt(resource.object, "spec", "progressDeadlineAbort");
    if (abort === true) return;
    const actual = abort === undefined ? "not set" : "false";
    report("goesOn", { path: path("spec", "progressDeadlineAbort"), data: { actual }, value: actual });
  },
});
