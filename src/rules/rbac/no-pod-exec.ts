import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "", resources: ["pods/exec", "pods/attach"] }];

export const rule = defineRule({
  id: "no-pod-exec",
  revision: 1,
  title: "Roles do not run commands in Pods",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "A shell in a running container reads what the application reads: its Secrets, its service account token, its data. What is done there passes by admission and leaves little trace. get is enough, as a WebSocket begins with GET.",
  fix: "Remove the grant; give debugging rights to few people, in few namespaces and for a limited time.",
  packs: { strict: {}, rbac: {}, nsa: {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_RESOURCES_VERBS_VALUE", params: { verbs: [] } }],
  references: [
    "https://kubernetes.io/docs/reference/access-authn-authz/authorization/",
    "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  ],
  params: grantParams(targets, ["create", "get"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which reaches into running containers",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
