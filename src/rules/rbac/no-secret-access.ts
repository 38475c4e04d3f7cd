import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { type GrantEntry, roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "", resources: ["secrets"] }];

/** An entry for single Secrets gives away those and no more. */
const isUnnamed = ({ resourceNames }: GrantEntry) => resourceNames.length === 0;

export const rule = defineRule({
  id: "no-secret-access",
  revision: 1,
  title: "Roles do not read Secrets",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "Who reads the Secrets of a namespace has every credential in it, those of databases and of more powerful service accounts included. A role across the cluster hands out those of everybody; list and watch show the values just as get does.",
  fix: "Remove the grant, mount the one Secret that is needed, or limit the entry to it by resourceNames and get.",
  packs: { strict: {}, rbac: {}, cis: {} },
  aliases: [{ id: "CIS_INVALID_VERB_SECRETS" }],
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets"],
  params: grantParams(targets, ["get", "list", "watch"]),
  messages: {
    granted: "The role grants {verb} on {resource}: Secrets hold credentials",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params, isUnnamed)) report("granted", grant);
  },
});
