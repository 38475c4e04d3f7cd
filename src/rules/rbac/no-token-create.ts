import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "", resources: ["serviceaccounts/token"] }];

export const rule = defineRule({
  id: "no-token-create",
  revision: 1,
  title: "Roles do not issue service account tokens",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "A token request returns a valid token of the service account. Whoever may ask for them acts as every service account in scope, whatever that one may do.",
  fix: "Remove the grant, or limit it to the one service account by resourceNames in a Role of its namespace.",
  packs: { strict: {}, rbac: {}, cis: {} },
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request"],
  params: grantParams(targets, ["create"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which issues tokens of service accounts",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
