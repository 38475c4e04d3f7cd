import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";

const label = "pod-security.kubernetes.io/enforce";
const levels = ["privileged", "baseline", "restricted"];

/** The control plane's own namespaces, where privileged Pods belong. */
const notJudged: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease"]);

export const rule = defineRule({
  id: "pod-security-labels",
  revision: 1,
  title: "Namespaces enforce a Pod Security Standard",
  category: "pod-security",
  severity: "Medium",
  kinds: ["Namespace"],
  why: "Without the label the API server takes any Pod in the namespace, also a privileged one. Whoever may create Pods there can take over a node.",
  fix: "Label the namespace with pod-security.kubernetes.io/enforce; try the level with the warn label first.",
  packs: { strict: {}, cis: {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
  ],
  params: z.strictObject({
    level: z.enum(["baseline", "restricted"]).default("baseline").describe("The least level to enforce"),
  }),
  messages: {
    missing: "Namespace {namespace} enforces no Pod Security Standard",
    tooWeak: "Namespace {namespace} enforces the level {actual}, less than {level}",
    unknown: "Namespace {namespace} names the unknown level {actual}",
  },
  check({ resource, params, report }) {
    if (notJudged.has(resource.id.name)) return;
    const actual = resource.labels.get(label);
    const at = path("metadata", "labels", label);
    const data = { namespace: resource.id.name, actual: printable(actual ?? ""), level: params.level };
    if (actual === undefined) report("missing", { path: at, data, value: "none" });
    else if (!levels.includes(actual)) report("unknown", { path: at, data, value: data.actual });
    else if (levels.indexOf(actual) < levels.indexOf(params.level))
      report("tooWeak", { path: at, data, value: actual });
  },
});
