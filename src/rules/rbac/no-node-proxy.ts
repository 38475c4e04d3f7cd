import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "", resources: ["nodes/proxy"] }];

export const rule = defineRule({
  id: "no-node-proxy",
  revision: 1,
  title: "Roles do not reach the kubelet through the API",
  category: "rbac",
  severity: "High",
  kinds: roleKinds,
  why: "nodes/proxy leads to the API of the kubelet, which runs commands in every Pod of the node. These requests pass by audit and admission, and get alone is enough for them.",
  fix: "Remove the grant; use nodes/metrics, nodes/stats or nodes/log where a monitoring agent needs them.",
  packs: { strict: {}, rbac: {}, cis: {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes",
  ],
  params: grantParams(targets, []),
  messages: {
    granted: "The role grants {verb} on {resource}, which leads to the API of the kubelet",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
