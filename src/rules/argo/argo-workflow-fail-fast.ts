import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { workflowKinds, workflowOf } from "../../engine/views/workflow.ts";

export const rule = defineRule({
  id: "argo-workflow-fail-fast",
  revision: 1,
  title: "Workflows stop at the first failure",
  category: "argo",
  severity: "Low",
  kinds: workflowKinds,
  why: "With failFast: false every other branch runs to its end although the workflow has already failed. It takes nodes and hours, and the failure is told late.",
  fix: "Remove failFast, or set it to true.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_WORKFLOW_INCORRECT_FAILFAST_VALUE_FALSE" }],
  references: ["https://argo-workflows.readthedocs.io/en/latest/walk-through/dag/"],
  params: z.strictObject({}),
  messages: {
    goesOn: "The graph of template {template} goes on after a task has failed",
  },
  check({ resource, report }) {
    for (const { name, path, fields } of workflowOf(resource).templates) {
      if (flagAt(fields, "dag", "failFast") !== false) continue;
      report("goesOn", { path: below(path, "dag", "failFast"), data: { template: printable(name) }, value: "false" });
    }
  },
});
