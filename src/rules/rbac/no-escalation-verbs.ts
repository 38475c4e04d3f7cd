import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { forbiddenVerbs, type GrantTarget } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const escalating = ["bind", "escalate", "impersonate"] as const;

/** Roles to be bound or widened; see "Restrictions on role creation or update" in the references. */
const roles: GrantTarget = { group: "rbac.authorization.k8s.io", resources: ["roles", "clusterroles"] };

/** Where a wildcard among the verbs has the meaning of the verb. */
const meanings = {
  bind: roles,
  escalate: roles,
  impersonate: { group: "", resources: ["users", "groups", "serviceaccounts"] },
} as const satisfies Record<(typeof escalating)[number], GrantTarget>;

export const rule = defineRule({
  id: "no-escalation-verbs",
  revision: 1,
  title: "Roles grant none of bind, escalate, impersonate",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "These verbs switch off what keeps people from giving themselves more than they have: bind hands out roles that one does not hold, escalate writes rights into a role that one does not have, impersonate acts as somebody else.",
  fix: "Remove the verb; where it is needed, limit the entry by resourceNames to the roles or users that are meant.",
  packs: { strict: {}, rbac: {}, cis: {} },
  aliases: [{ id: "CIS_INVALID_VALUE_BIND_IMPERSONATE_ESCALATE" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb",
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-creation-or-update",
    "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation",
  ],
  params: z.strictObject({
    verbs: z
      .array(z.enum(escalating))
      .min(1)
      .default([...escalating])
      .describe("Verbs of which none may be granted"),
  }),
  messages: {
    granted: "The role grants {verb} on {resource}, a way to more rights than it lists",
  },
  check({ resource, params, report }) {
    const asked = new Map(params.verbs.map((verb) => [verb, meanings[verb]]));
    for (const grant of forbiddenVerbs(resource, asked)) report("granted", grant);
  },
});
