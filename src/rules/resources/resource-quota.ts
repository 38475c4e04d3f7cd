import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "resource-quota",
  revision: 1,
  title: "Namespaces have a resource quota",
  category: "resources",
  severity: "Low",
  kinds: ["Namespace"],
  reads: ["ResourceQuota"],
  why: "Without a quota one namespace can take the whole cluster: a runaway autoscaler or a loop that creates objects leaves nothing for the others.",
  fix: "Create a ResourceQuota in the namespace that bounds requests, limits and the number of objects.",
  packs: { strict: {} },
  references: ["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
  params: z.strictObject({}),
  messages: {
    missing: "Namespace {namespace} has no ResourceQuota",
  },
  collect({ resource: { id } }) {
    return id.name.startsWith("kube-") ? undefined : id.name;
  },
  check({ subject: namespace, inventory, report }) {
    if (inventory.list("ResourceQuota", namespace).length > 0) return;
    report("missing", { path: path("metadata", "name"), data: { namespace }, value: "none" });
  },
});
