import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { forbiddenSubjects } from "../../engine/views/forbidden-subjects.ts";
import { bindingKinds } from "../../engine/views/rbac.ts";

export const rule = defineRule({
  id: "no-default-service-account-binding",
  revision: 1,
  title: "No default service account is bound to a role",
  category: "rbac",
  severity: "High",
  kinds: bindingKinds,
  why: "Every Pod of a namespace that names no service account runs as default. A role bound to it is the role of all of them, also of those that somebody adds later.",
  fix: "Create a service account for the workload that needs the role, bind that one, and name it in serviceAccountName.",
  packs: { strict: {}, rbac: {}, cis: {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts",
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#service-account-permissions",
  ],
  params: z.strictObject({}),
  messages: {
    bound: "Binds {role} to {subject}, as which every Pod runs that names no account",
  },
  check({ resource, report }) {
    const isDefault = ({ kind, name }: { kind: string; name: string }) =>
      kind === "ServiceAccount" && name === "default";
    for (const subject of forbiddenSubjects(resource, isDefault)) report("bound", subject);
  },
});
