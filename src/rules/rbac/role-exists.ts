import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import { bindingKinds, isBuiltInRbac, roleKinds, roleRefOf } from "../../engine/views/rbac.ts";

const [role, clusterRole] = roleKinds;

/** The API server makes them at its start, and again if they are deleted. */
const alwaysThere: ReadonlySet<string> = new Set(["cluster-admin", "admin", "edit", "view"]);

export const rule = defineInventoryRule({
  id: "role-exists",
  revision: 1,
  title: "Bound roles exist",
  category: "rbac",
  severity: "Medium",
  kinds: bindingKinds,
  reads: [role, clusterRole],
  why: "A binding to a role that is not there grants nothing today, and everything that somebody puts under that name tomorrow. Until then what relies on it is refused.",
  fix: "Create the role, correct roleRef by deleting the binding and creating it anew, or delete the binding.",
  packs: { strict: {}, rbac: {} },
  references: ["https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding"],
  params: z.strictObject({}),
  messages: {
    missing: "{kind} {role} does not exist",
  },
  collect({ resource }) {
    const ref = roleRefOf(resource);
    if (ref === undefined || isBuiltInRbac(resource)) return undefined;
    if (ref.kind !== "Role" && ref.kind !== "ClusterRole") return undefined;
    return alwaysThere.has(ref.name) || ref.name.startsWith("system:") ? undefined : ref;
  },
  check({ id, subject, inventory, report }) {
    const found =
      subject.kind === "Role"
        ? inventory.get(role, id.namespace, subject.name)
        : inventory.get(clusterRole, "", subject.name);
    if (found !== undefined) return;
    const name = printable(subject.name);
    report("missing", { path: path("roleRef"), class: name, data: { kind: subject.kind, role: name }, value: name });
  },
});
