import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { forbiddenSubjects } from "../../engine/views/forbidden-subjects.ts";
import { bindingKinds } from "../../engine/views/rbac.ts";

const forbidden: ReadonlySet<string> = new Set(["system:anonymous", "system:unauthenticated"]);

export const rule = defineRule({
  id: "no-anonymous-binding",
  revision: 1,
  title: "Nobody without a login is bound to a role",
  category: "rbac",
  severity: "Critical",
  kinds: bindingKinds,
  why: "Whatever is bound to system:anonymous or system:unauthenticated is granted to everybody who reaches the API server, often the whole internet, without a login.",
  fix: "Remove the subject; bind the users, groups or service accounts that need the role.",
  packs: { recommended: {}, strict: {}, rbac: {} },
  references: ["https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests"],
  params: z.strictObject({}),
  messages: {
    bound: "Binds {role} to {subject}",
  },
  check({ resource, report }) {
    for (const subject of forbiddenSubjects(resource, ({ name }) => forbidden.has(name))) report("bound", subject);
  },
});
