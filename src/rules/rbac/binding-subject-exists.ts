import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import { bindingKinds, isBuiltInRbac, subjectsOf } from "../../engine/views/rbac.ts";

export const rule = defineInventoryRule({
  id: "binding-subject-exists",
  revision: 1,
  title: "Bound service accounts exist",
  category: "rbac",
  severity: "Medium",
  kinds: bindingKinds,
  reads: ["ServiceAccount", "Namespace"],
  why: "Whoever creates a service account of that name, in a namespace that may be created anew as well, gets the role without anybody deciding so.",
  fix: "Remove the subject, correct its name or namespace, or create the service account.",
  packs: { strict: {}, rbac: {} },
  references: ["https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects"],
  params: z.strictObject({}),
  messages: {
    missing: "Service account {account} does not exist: whoever creates it gets the role",
  },
  collect({ resource }) {
    if (isBuiltInRbac(resource)) return undefined;
    const accounts = subjectsOf(resource).flatMap(({ kind, name, namespace = resource.id.namespace }) =>
      kind === "ServiceAccount" ? [{ namespace, name }] : [],
    );
    return accounts.length === 0 ? undefined : accounts;
  },
  elsewhere: (accounts) => [...new Set(accounts.map(({ namespace }) => namespace))],
  check({ subject, inventory, report }) {
    for (const { namespace, name } of subject) {
      // A binding without a namespace leaves nowhere to look where the subject does not say one either: the API refuses it.
      if (namespace === "") continue;
      const exists =
        name === "default"
          ? inventory.get("Namespace", "", namespace) !== undefined
          : inventory.get("ServiceAccount", namespace, name) !== undefined;
      if (exists) continue;
      const account = printable(`${namespace}/${name}`);
      report("missing", { path: path("subjects"), class: printable(name), data: { account }, value: account });
    }
  },
});
