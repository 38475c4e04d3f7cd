import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

const critical: ReadonlySet<string> = new Set(["system-cluster-critical", "system-node-critical"]);

export const rule = defineRule({
  id: "no-kube-system",
  revision: 1,
  title: "Only parts of the system live in kube-system",
  category: "metadata",
  severity: "Medium",
  kinds: "workloads",
  why: "Policies, quotas and webhooks leave kube-system alone so that the cluster can heal itself. What else runs there escapes them too, next to the credentials of the control plane.",
  fix: "Move the workload to a namespace of its own. What the cluster needs to work gets the priority class system-cluster-critical or system-node-critical.",
  packs: { strict: {} },
  references: [
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces",
    "https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/",
  ],
  params: z.strictObject({}),
  messages: {
    inKubeSystem:
      "The workload is in kube-system, and its priority class {priorityClass} does not make it part of the system",
  },
  check({ resource, report }) {
    if (resource.id.namespace !== "kube-system") return;
    const priorityClass = textAt(resource.podSpec?.fields, "priorityClassName") || "(none)";
    if (critical.has(priorityClass)) return;
    report("inKubeSystem", {
      path: path("metadata", "namespace"),
      data: { priorityClass: printable(priorityClass) },
      value: "kube-system",
    });
  },
});
