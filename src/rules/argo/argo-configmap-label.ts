import { z } from "zod";
import { setField } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";

const label = "app.kubernetes.io/part-of";

const settings: ReadonlySet<string> = new Set([
  "argocd-cm",
  "argocd-rbac-cm",
  "argocd-cmd-params-cm",
  "argocd-tls-certs-cm",
  "argocd-ssh-known-hosts-cm",
  "argocd-gpg-keys-cm",
]);

export const rule = defineRule({
  id: "argo-configmap-label",
  revision: 1,
  title: "Argo CD's ConfigMaps carry its label",
  category: "argo",
  severity: "Medium",
  kinds: ["ConfigMap"],
  why: "Argo CD does not read a ConfigMap without the label app.kubernetes.io/part-of: argocd. Settings and access rules that stand there have no effect, and nothing says so.",
  fix: "Add the label app.kubernetes.io/part-of: argocd.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_CONFIGMAP_MISSING_PART_OF_LABEL_VALUE_ARGOCD" }],
  references: ["https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/"],
  params: z.strictObject({}),
  messages: {
    missing: "ConfigMap {name} has no label app.kubernetes.io/part-of, so Argo CD ignores it",
    other: "ConfigMap {name} has {actual} as its label app.kubernetes.io/part-of, so Argo CD ignores it",
  },
  check({ resource, report }) {
    if (!isIgnored(resource)) return;
    const { name } = resource.id;
    const part = resource.labels.get(label);
    const actual = printable(part || "nothing", 64);
    report(part === undefined ? "missing" : "other", {
      path: path("metadata", "labels", label),
      data: { name, actual },
      value: actual,
    });
  },
  autofix({ resource }) {
    return isIgnored(resource) ? [setField("", resource.object, ["metadata", "labels", label], "argocd")] : [];
  },
});

function isIgnored({ id, labels }: ResourceView): boolean {
  return settings.has(id.name) && labels.get(label) !== "argocd";
}
