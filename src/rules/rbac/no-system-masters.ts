import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { forbiddenSubjects } from "../../engine/views/forbidden-subjects.ts";
import { bindingKinds } from "../../engine/views/rbac.ts";

const forbidden: ReadonlySet<string> = new Set(["system:masters"]);

export const rule = defineRule({
  id: "no-system-masters",
  revision: 1,
  title: "Nobody is bound as system:masters",
  category: "rbac",
  severity: "Critical",
  kinds: bindingKinds,
  why: "The API server lets system:masters do everything before it even looks at a role, and no removed binding takes that back. A binding that names the group makes it look like one right among others and hides who has all of them.",
  fix: "Bind a group of your own to a role that grants what is needed, and issue no credentials for system:masters.",
  packs: { recommended: {}, strict: {}, rbac: {}, cis: {} },
  aliases: [{ id: "CIS_INVALID_VALUE_SYSTEM_MASTERS" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings",
  ],
  params: z.strictObject({}),
  messages: {
    bound: "Binds {role} to {subject}",
  },
  check({ resource, report }) {
    for (const subject of forbiddenSubjects(resource, ({ name }) => forbidden.has(name))) report("bound", subject);
  },
});
