import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { textAt, valueBelow } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-argo-default-project",
  revision: 1,
  title: "Applications belong to a project of their own",
  category: "argo",
  severity: "Medium",
  kinds: ["Application.argoproj.io", "ApplicationSet.argoproj.io"],
  why: "The project default allows any repository, any cluster and any kind. An Application in it can deploy anything anywhere, whoever may edit it.",
  fix: "Make an AppProject that allows the repositories and destinations that the team needs, and name it in spec.project.",
  packs: { argo: {} },
  references: ["https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project"],
  params: z.strictObject({}),
  messages: {
    missing: "The {kind} names no project, which means default",
    isDefault: "The {kind} is in the project default",
  },
  check({ resource, report }) {
    const { kind } = resource.id;
    const steps = kind === "ApplicationSet" ? ["spec", "template", "spec", "project"] : ["spec", "project"];
    const project = textAt(valueBelow(resource.object, steps)) ?? "";
    if (project !== "" && project !== "default") return;
    const at = { path: path(...steps), data: { kind }, value: project || "none" };
    report(project === "" ? "missing" : "isDefault", at);
  },
});
