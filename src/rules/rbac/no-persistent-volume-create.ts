import { defineRule } from "../../engine/rule.ts";
import { grantParams } from "../../engine/values/rule-params.ts";
import { forbiddenGrants } from "../../engine/views/forbidden-grants.ts";
import { roleKinds } from "../../engine/views/rbac.ts";

const targets = [{ group: "", resources: ["persistentvolumes"] }];

export const rule = defineRule({
  id: "no-persistent-volume-create",
  revision: 1,
  title: "Roles do not create PersistentVolumes",
  category: "rbac",
  severity: "Medium",
  kinds: roleKinds,
  why: "A PersistentVolume may be a hostPath. Whoever creates one mounts any directory of a node into a Pod by way of a claim, also where Pod Security forbids hostPath volumes.",
  fix: "Remove the grant; let a storage class provision volumes for claims.",
  packs: { strict: {}, rbac: {}, cis: {} },
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation"],
  params: grantParams(targets, ["create"]),
  messages: {
    granted: "The role grants {verb} on {resource}, which may be any directory of a node",
  },
  check({ resource, params, report }) {
    for (const grant of forbiddenGrants(resource, targets, params)) report("granted", grant);
  },
});
