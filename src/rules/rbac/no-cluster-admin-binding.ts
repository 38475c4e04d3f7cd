import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import { isBuiltInRbac } from "../../engine/views/rbac.ts";

const shownSubjects = 3;

export const rule = defineRule({
  id: "no-cluster-admin-binding",
  revision: 1,
  title: "Nobody is bound to cluster-admin",
  category: "rbac",
  severity: "Critical",
  kinds: ["RoleBinding.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io"],
  why: "cluster-admin may do everything, also read every Secret and give its rights away. One stolen token of such a subject is the cluster.",
  fix: "Bind a role that grants what the subject needs and no more.",
  packs: { recommended: {}, strict: {}, rbac: {}, nsa: {}, cis: {} },
  aliases: [{ id: "CIS_INVALID_ROLE_CLUSTER_ADMIN" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles",
  ],
  params: z.strictObject({
    roles: z.array(z.string().min(1)).default(["cluster-admin"]).describe("Roles that nobody may be bound to"),
  }),
  messages: {
    bound: "Binds {role} to {subjects}",
  },
  check({ resource, params, report }) {
    const role = textAt(resource.object, "roleRef", "name");
    if (role === undefined || !params.roles.includes(role) || isBuiltInRbac(resource)) return;
    const subjects = recordsAt(resource.object, "subjects").map(
      (subject) => `${textAt(subject, "kind") ?? "subject"} ${textAt(subject, "name") ?? ""}`,
    );
    const more = subjects.length > shownSubjects ? ` and ${subjects.length - shownSubjects} more` : "";
    const shown = subjects.length === 0 ? "nobody yet" : subjects.slice(0, shownSubjects).join(", ") + more;
    report("bound", { path: path("roleRef"), class: role, data: { role, subjects: printable(shown) }, value: role });
  },
});
