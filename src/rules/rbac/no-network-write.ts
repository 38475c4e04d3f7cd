import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [
  { group: "", resources: ["services", "endpoints"] },
  { group: "discovery.k8s.io", resources: ["endpointslices"] },
  { group: "networking.k8s.io", resources: ["ingresses", "networkpolicies"] },
  { group: "extensions", resources: ["ingresses", "networkpolicies"] },
];

export const rule = defineRule({
  id: "no-network-write",
  revision: 1,
  title: "Roles do not redirect or open traffic",
  category: "rbac",
  severity: "Medium",
  kinds: roleKinds,
  why: "Who writes Services, endpoints or Ingresses can send the traffic of others to a Pod of its own, or put an internal service on the internet. Who writes network policies can open what they close.",
  fix: "Remove the grant, or keep it to the pipeline that deploys the application.",
  packs: { rbac: {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "https://nvd.nist.gov/vuln/detail/CVE-2021-25740",
  ],
  params: grantParams(targets, ["create", "update", "patch", "delete", "deletecollection"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which decides where traffic goes",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
