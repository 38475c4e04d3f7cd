import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, textAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { workflowKinds, workflowOf } from "../../engine/views/workflow.ts";

/** The status of a step that failed through no fault of its own: its Pod was evicted, or its node died. */
const errorStatus = /"Error"|'Error'/;

export const rule = defineRule({
  id: "argo-workflow-retry-expression",
  revision: 1,
  title: "Retries on anything tell errors from failures",
  category: "argo",
  severity: "Low",
  kinds: workflowKinds,
  why: "With retryPolicy Always a step that fails for good, such as a test, is repeated like one whose Pod was evicted. Time and money go into the same failure.",
  fix: 'Add an expression that asks for the status, such as lastRetry.status == "Error" or a certain exit code.',
  packs: { argo: {} },
  aliases: [{ id: "ARGO_WORKFLOW_ENSURE_RETRY_ON_BOTH_ERROR_AND_TRANSIENT_ERROR" }],
  references: ["https://argo-workflows.readthedocs.io/en/latest/retries/#conditional-retries"],
  params: z.strictObject({}),
  messages: {
    missing: "Template {template} is always retried, without an expression",
    noStatus: "Template {template} is always retried, by an expression that does not ask for the status Error",
  },
  check({ resource, report }) {
    for (const { name, path, fields } of workflowOf(resource).templates) {
      const strategy = fieldsAt(fields, "retryStrategy");
      if (textAt(strategy, "retryPolicy") !== "Always") continue;
      const expression = textAt(strategy, "expression") ?? "";
      if (errorStatus.test(expression)) continue;
      report(expression === "" ? "missing" : "noStatus", {
        path: below(path, "retryStrategy", "expression"),
        data: { template: printable(name) },
        value: printable(expression || "none"),
      });
    }
  },
});
