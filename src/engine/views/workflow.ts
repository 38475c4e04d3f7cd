import { type Fields, fieldsAt, recordsAt, textAt, valueBelow } from "./fields.ts";
import { type Path, path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** The kinds of Argo that hold a workflow. */
export const workflowKinds = [
  "ClusterWorkflowTemplate.argoproj.io",
  "CronWorkflow.argoproj.io",
  "Workflow.argoproj.io",
  "WorkflowTemplate.argoproj.io",
] as const;

/** The workflow that an object holds, in `spec` or, of a CronWorkflow, in `spec.workflowSpec`. */
export interface WorkflowView {
  readonly path: Path;
  readonly fields: Fields | undefined;
  readonly templates: readonly WorkflowTemplateView[];
}

export interface WorkflowTemplateView {
  readonly name: string;
  /** `spec.templates[name=x]`. */
  readonly path: Path;
  readonly fields: Fields;
}

export function workflowOf(view: ResourceView): WorkflowView {
  const steps = view.kindName === "CronWorkflow.argoproj.io" ? ["spec", "workflowSpec"] : ["spec"];
  const fields = fieldsAt(valueBelow(view.object, steps));
  const templates = recordsAt(fields, "templates").map((template) => {
    const name = textAt(template, "name") ?? "";
    return { name, path: path(...steps, "templates", { name }), fields: template };
  });
  return { path: path(...steps), fields, templates };
}
