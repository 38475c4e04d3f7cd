import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "argo-namespace",
  revision: 1,
  title: "Argo CD's objects are in its own namespace",
  category: "argo",
  severity: "Medium",
  kinds: ["Application.argoproj.io", "ApplicationSet.argoproj.io", "AppProject.argoproj.io"],
  why: "Argo CD looks for its objects in its own namespace. One elsewhere is ignored without a word, or, where other namespaces are switched on, gives whoever may write there a way to deploy with Argo CD's rights.",
  fix: "Move the object to the namespace of Argo CD, or add its namespace to the rule's parameters if it is switched on there on purpose.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_APP_PROJECT_INCORRECT_NAMESPACE_VALUE" }],
  references: [
    "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/",
    "https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/",
  ],
  params: z.strictObject({
    namespaces: z.array(z.string().min(1)).default(["argocd"]).describe("Namespaces in which Argo CD looks"),
  }),
  messages: {
    elsewhere: "The {kind} is in the namespace {namespace}, where Argo CD does not look",
    missing: "The {kind} names no namespace, so it lands where Argo CD may not look",
  },
  check({ resource, params, report }) {
    const { kind, namespace } = resource.id;
    if (params.namespaces.includes(namespace)) return;
    report(namespace === "" ? "missing" : "elsewhere", {
      path: path("metadata", "namespace"),
      data: { kind, namespace },
      value: namespace || "none",
    });
  },
});
