import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "rolling-update",
  revision: 1,
  title: "Updates replace Pods one after the other",
  category: "availability",
  severity: "Medium",
  kinds: ["Deployment.apps", "StatefulSet.apps", "DaemonSet.apps"],
  why: "Recreate stops every Pod before the first new one starts: each rollout is an outage, and one with a broken image is a long one. With OnDelete a fix that was rolled out runs nowhere until somebody deletes the Pods.",
  fix: "Set the type of spec.strategy (Deployment) or spec.updateStrategy to RollingUpdate, or leave it out.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies",
    "https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/",
  ],
  params: z.strictObject({}),
  messages: {
    notRolling: "The update strategy is {strategy}, not RollingUpdate",
  },
  check({ resource: { object, kindName, podSpec }, report }) {
    const field = kindName === "Deployment.apps" ? "strategy" : "updateStrategy";
    const strategy = textAt(object, "spec", field, "type") || "RollingUpdate";
    if (strategy === "RollingUpdate") return;
    // Two Pods cannot always mount one claim: the old one has to go first.
    const mayRecreate =
      kindName === "Deployment.apps" &&
      (podSpec?.volumes ?? []).some(({ fields }) => fieldsAt(fields, "persistentVolumeClaim"));
    if (strategy === "Recreate" && mayRecreate) return;
    report("notRolling", {
      path: path("spec", field, "type"),
      data: { strategy: printable(strategy) },
      value: strategy,
    });
  },
});
