import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { type Fields, fieldsAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { workflowKinds, workflowOf } from "../../engine/views/workflow.ts";

export const rule = defineRule({
  id: "argo-workflow-retry-strategy",
  revision: 1,
  title: "Retries of workflows are bounded",
  category: "argo",
  severity: "Low",
  kinds: workflowKinds,
  why: "An empty retryStrategy retries without limit and without pause. A step that can never succeed runs for ever and floods the cluster with Pods.",
  fix: "Set retryStrategy.limit and a backoff, or remove retryStrategy.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_WORKFLOW_INCORRECT_RETRY_STRATEGY_VALUE_EMPTY" }],
  references: ["https://argo-workflows.readthedocs.io/en/latest/retries/"],
  params: z.strictObject({}),
  messages: {
    template: "Template {template} is retried without limit",
    defaults: "Every template is retried without limit, because templateDefaults say so",
  },
  check({ resource, report }) {
    const { path, fields, templates } = workflowOf(resource);
    for (const { name, path: at, fields: template } of templates) {
      if (!isEmpty(fieldsAt(template, "retryStrategy"))) continue;
      report("template", { path: below(at, "retryStrategy"), data: { template: printable(name) }, value: "{}" });
    }
    if (isEmpty(fieldsAt(fields, "templateDefaults", "retryStrategy")))
      report("defaults", { path: below(path, "templateDefaults", "retryStrategy"), data: {}, value: "{}" });
  },
});

function isEmpty(strategy: Fields | undefined): boolean {
  return strategy !== undefined && Object.values(strategy).every((value) => value === null || value === undefined);
}
