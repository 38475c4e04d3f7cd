import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "certificates.k8s.io", resources: ["certificatesigningrequests/approval"] }];

export const rule = defineRule({
  id: "no-csr-approval",
  revision: 1,
  title: "Roles do not approve certificate requests",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "Whoever approves certificate requests can have a client certificate signed for any name that the signer accepts, also that of a system component, and log in as it. Such a certificate cannot be revoked.",
  fix: "Remove the grant; leave approval to the controllers of the control plane or to one narrow approver.",
  packs: { strict: {}, rbac: {}, cis: {} },
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing"],
  params: grantParams(targets, ["update", "patch"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which makes client certificates valid",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
