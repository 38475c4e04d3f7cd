import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { forbiddenSubjects } from "../../engine/views/forbidden-subjects.ts";
import { bindingKinds, roleRefOf } from "../../engine/views/rbac.ts";

const everybody: ReadonlySet<string> = new Set(["system:authenticated", "system:serviceaccounts"]);

/** What they grant is meant for everybody: to ask who one is and what the API server serves. */
const harmless: ReadonlySet<string> = new Set(["system:basic-user", "system:discovery", "system:public-info-viewer"]);

export const rule = defineRule({
  id: "no-authenticated-binding",
  revision: 1,
  title: "Nobody is bound merely for having a login",
  category: "rbac",
  severity: "High",
  kinds: bindingKinds,
  why: "system:authenticated is everybody who can log in, every service account included; system:serviceaccounts is every Pod that has a token. On some managed clusters anybody with an account of the provider is authenticated. One broken application has such a right too.",
  fix: "Bind the users, groups or service accounts that need the role.",
  packs: { strict: {}, rbac: {} },
  references: [
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles",
    "https://cloud.google.com/kubernetes-engine/docs/best-practices/rbac#default-roles-groups",
  ],
  params: z.strictObject({}),
  messages: {
    bound: "Binds {role} to {subject}, which is everybody with a login",
  },
  check({ resource, report }) {
    if (harmless.has(roleRefOf(resource)?.name ?? "")) return;
    for (const subject of forbiddenSubjects(resource, ({ name }) => everybody.has(name))) report("bound", subject);
  },
});
