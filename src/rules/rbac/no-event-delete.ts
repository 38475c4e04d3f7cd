import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [
  { group: "", resources: ["events", "pods/log"] },
  { group: "events.k8s.io", resources: ["events"] },
];

export const rule = defineRule({
  id: "no-event-delete",
  revision: 1,
  title: "Roles do not delete Events or logs",
  category: "rbac",
  severity: "Low",
  kinds: roleKinds,
  why: "Events and logs show what happened in a cluster. Who deletes them covers its tracks.",
  fix: "Remove the grant: Events expire by themselves.",
  packs: { strict: {}, rbac: {} },
  references: ["https://microsoft.github.io/Threat-Matrix-for-Kubernetes/techniques/Delete%20K8S%20events/"],
  params: grantParams(targets, ["delete", "deletecollection"]),
  messages: {
    granted: "The role grants {verb} on {resource}, by which traces disappear",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
