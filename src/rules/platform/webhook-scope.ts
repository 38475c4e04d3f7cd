import { z } from "zod";
import type { Inventory } from "../../engine/inventory.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { readLabelSelector, selectsPods } from "../../engine/values/label-selector.ts";
import { printable } from "../../engine/values/printable.ts";
import { type Fields, fieldsAt, listAt, recordsAt, textAt, textsAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { webhookKinds, webhooksOf } from "../../engine/views/webhooks.ts";

/** Without Pods, workloads, Jobs and Leases the control plane cannot mend itself. */
const vital: ReadonlySet<string> = new Set(["*", "", "apps", "batch", "coordination.k8s.io"]);

export const rule = defineInventoryRule({
  id: "webhook-scope",
  revision: 1,
  title: "Webhooks that fail closed leave out the control plane",
  category: "platform",
  severity: "High",
  kinds: webhookKinds,
  reads: ["Namespace"],
  why: "When such a webhook does not answer, nothing in kube-system can be created or updated any more: no network plugin, no DNS, no Lease, and often not the webhook's own Pods. The cluster cannot heal without a hand.",
  fix: "Leave kube-system out by namespaceSelector: kubernetes.io/metadata.name NotIn [kube-system]. Or set failurePolicy to Ignore.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/",
    "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#avoiding-operating-on-the-kube-system-namespace",
  ],
  params: z.strictObject({
    namespaces: z.array(z.string().min(1)).default(["kube-system"]).describe("Namespaces that have to be left out"),
  }),
  messages: {
    covered: "Webhook {webhook} has failurePolicy Fail, and its namespaceSelector does not leave out {namespaces}",
  },
  collect({ resource }) {
    const closed = webhooksOf(resource).filter(({ fields }) => failsClosed(fields) && coversVital(fields));
    if (closed.length === 0) return undefined;
    return closed.map(({ name, path, fields }) => ({
      name,
      path: below(path, "namespaceSelector"),
      selector: readLabelSelector(fieldsAt(fields, "namespaceSelector") ?? {}),
    }));
  },
  check({ subject, inventory, params, report }) {
    for (const { name, path, selector } of subject) {
      const covered = params.namespaces.filter((namespace) =>
        selectsPods(selector, { podLabels: labelsOf(namespace, inventory), fromTemplate: false }),
      );
      if (covered.length === 0) continue;
      const [webhook, namespaces] = [printable(name), printable(covered.join(", "))];
      report("covered", { path, class: webhook, data: { webhook, namespaces }, value: namespaces });
    }
  },
});

function failsClosed(webhook: Fields): boolean {
  const policy = textAt(webhook, "failurePolicy") || "Fail";
  // What its conditions leave out nobody can tell without running them.
  return policy === "Fail" && listAt(webhook, "matchConditions").length === 0;
}

function coversVital(webhook: Fields): boolean {
  return recordsAt(webhook, "rules").some((entry) => {
    const scope = textAt(entry, "scope") || "*";
    return (scope === "*" || scope === "Namespaced") && textsAt(entry, "apiGroups").some((group) => vital.has(group));
  });
}

/** The API server gives every namespace a label with its name. */
function labelsOf(namespace: string, inventory: Inventory): ReadonlyMap<string, string> {
  const known = inventory.get("Namespace", "", namespace)?.labels ?? [];
  return new Map([["kubernetes.io/metadata.name", namespace], ...known]);
}
