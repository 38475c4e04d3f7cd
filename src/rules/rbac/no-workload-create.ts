import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [
  { group: "", resources: ["pods", "replicationcontrollers"] },
  { group: "apps", resources: ["deployments", "statefulsets", "daemonsets", "replicasets"] },
  { group: "batch", resources: ["jobs", "cronjobs"] },
];

export const rule = defineRule({
  id: "no-workload-create",
  revision: 1,
  title: "Roles do not create workloads",
  category: "rbac",
  severity: "Medium",
  kinds: roleKinds,
  why: "A Pod may mount every Secret and use every service account of its namespace, and where nothing forbids it also the disk of its node. Who creates workloads has all of that.",
  fix: "Leave creating workloads to the deployment pipeline, and enforce a Pod Security level where people may create them.",
  packs: { rbac: {}, cis: { resources: ["pods"] } },
  aliases: [{ id: "CIS_INVALID_VALUE_CREATE_POD", params: { resources: ["pods"] } }],
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation"],
  params: grantParams(targets, ["create"]),
  messages: {
    granted: "The role grants {verb} on {resource}: whoever has it runs Pods with any service account of the namespace",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
