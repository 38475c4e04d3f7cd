import { describe, expect, it } from "vitest";
import { viewResource } from "../../../src/engine/views/resource-view.ts";
import { workflowKinds, workflowOf } from "../../../src/engine/views/workflow.ts";

function workflow(kind: string, spec: unknown) {
  const view = viewResource({ apiVersion: "argoproj.io/v1alpha1", kind, metadata: { name: "x" }, spec });
  if (view === undefined) throw new Error("the object says nothing");
  return workflowOf(view);
}

const template = { name: "main", container: {} };

describe("the workflow of an object", () => {
  it.each(workflowKinds.filter((kind) => !kind.startsWith("Cron")))("is the spec of a %s", (kind) => {
    const spec = { templates: [template, 1, { dag: {} }] };
    expect(workflow(kind.split(".")[0] ?? "", spec)).toEqual({
      path: "spec",
      fields: spec,
      templates: [
        { name: "main", path: "spec.templates[name=main]", fields: template },
        { name: "", path: 'spec.templates[name=""]', fields: { dag: {} } },
      ],
    });
  });

  it("lies deeper in a CronWorkflow", () => {
    const workflowSpec = { templates: [template] };
    expect(workflow("CronWorkflow", { templates: [{ name: "wrong" }], workflowSpec })).toEqual({
      path: "spec.workflowSpec",
      fields: workflowSpec,
      templates: [{ name: "main", path: "spec.workflowSpec.templates[name=main]", fields: template }],
    });
  });

  it("may be missing", () => {
    expect(workflow("CronWorkflow", { templates: [] })).toEqual({
      path: "spec.workflowSpec",
      fields: undefined,
      templates: [],
    });
  });
});
