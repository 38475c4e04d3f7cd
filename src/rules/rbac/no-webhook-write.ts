import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [
  {
    group: "admissionregistration.k8s.io",
    resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
  },
];

export const rule = defineRule({
  id: "no-webhook-write",
  revision: 1,
  title: "Roles do not write admission webhooks",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "An admission webhook sees every object that is written, Secrets included, and a mutating one may change it. Deleting one switches off the policies that it enforces.",
  fix: "Remove the grant; leave webhook configurations to the installation of the controllers that own them.",
  packs: { strict: {}, rbac: {}, cis: {} },
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks"],
  params: grantParams(targets, ["create", "update", "patch", "delete", "deletecollection"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which decides over what others write",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
