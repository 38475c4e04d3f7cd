import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "", resources: ["configmaps"] }];

export const rule = defineRule({
  id: "no-configmap-write",
  revision: 1,
  title: "Roles do not write ConfigMaps",
  category: "rbac",
  severity: "Medium",
  kinds: roleKinds,
  why: "Parts of the cluster itself are configured by ConfigMaps: coredns decides where names lead, aws-auth who may log in on Amazon EKS. Elsewhere they hold scripts and settings that other workloads run.",
  fix: "Remove the grant, or limit it to single ConfigMaps by resourceNames in a Role.",
  packs: { rbac: {} },
  references: [
    "https://kubernetes.io/docs/concepts/configuration/configmap/",
    "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  ],
  params: grantParams(targets, ["create", "update", "patch", "delete", "deletecollection"]),
  messages: {
    granted: "The role grants {verb} on {resource}, by which components are configured",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
