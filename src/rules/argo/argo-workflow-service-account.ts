import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { fieldsAt, textAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { workflowKinds, workflowOf } from "../../engine/views/workflow.ts";

export const rule = defineRule({
  id: "argo-workflow-service-account",
  revision: 1,
  title: "Workflows run under an account of their own",
  category: "argo",
  severity: "Medium",
  kinds: workflowKinds,
  why: "A workflow needs rights to report its results. Those that the account default gets for it, every other Pod of the namespace has too.",
  fix: "Make a ServiceAccount with the rights that the workflow needs, and name it in serviceAccountName.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_WORKFLOW_INCORRECT_SERVICE_ACCOUNT_NAME_VALUE_DEFAULT" }],
  references: ["https://argo-workflows.readthedocs.io/en/latest/service-accounts/"],
  params: z.strictObject({}),
  messages: {
    missing: "The workflow names no service account, which means default",
    isDefault: "The workflow runs under the service account default",
  },
  check({ resource, report }) {
    const { path, fields } = workflowOf(resource);
    const account = textAt(fields, "serviceAccountName") ?? "";
    // The account then comes from the template, which is judged itself.
    if (account === "" && fieldsAt(fields, "workflowTemplateRef") !== undefined) return;
    if (account !== "" && account !== "default") return;
    const at = { path: below(path, "serviceAccountName"), data: {}, value: account || "none" };
    report(account === "" ? "missing" : "isDefault", at);
  },
});
