import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [
  { group: "rbac.authorization.k8s.io", resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"] },
];

export const rule = defineRule({
  id: "no-rbac-write",
  revision: 1,
  title: "Roles do not write roles or bindings",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "Who writes bindings hands on every right that it holds, and a role with escalate or bind beside it hands on every right there is. An intruder with such a token makes itself a permanent way in.",
  fix: "Leave roles and bindings to the cluster administrators, or to a pipeline that is reviewed.",
  packs: { strict: {}, rbac: {} },
  references: [
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
  ],
  params: grantParams(targets, ["create", "update", "patch"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which hands out rights",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
