import { z } from "zod";
import { isolationsIn } from "../../engine/facts/isolation.ts";
import { isForAllPods } from "../../engine/facts/network-policy.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { directions, networkPolicyKinds } from "../../engine/views/network-policy.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "default-deny-network-policy",
  revision: 1,
  title: "Namespaces deny traffic by default",
  category: "network",
  severity: "Medium",
  kinds: ["Namespace"],
  reads: networkPolicyKinds,
  why: "Without a policy that closes all Pods off, every new workload is open until somebody thinks of a policy for it. With it, what nobody allowed does not work, which shows at once.",
  fix: "Create a NetworkPolicy with an empty podSelector, the directions as policyTypes and no rules; then allow what is needed by further policies.",
  packs: { network: {}, nsa: { directions: ["Ingress", "Egress"] }, cis: {}, eks: {} },
  references: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
    "https://docs.cilium.io/en/stable/security/policy/language/",
  ],
  params: z.strictObject({
    directions: z.array(z.enum(directions)).min(1).default(["Ingress"]).describe("Directions that must be denied"),
  }),
  messages: {
    open: "No network policy denies {directions} to all Pods of the namespace",
  },
  collect({ resource: { id } }) {
    return id.name.startsWith("kube-") ? undefined : { namespace: id.name };
  },
  check({ subject: { namespace }, inventory, params, report }) {
    const forAll = isolationsIn(namespace, inventory).filter(isForAllPods);
    const open = directions.filter(
      (direction) => params.directions.includes(direction) && !forAll.some(({ closed }) => closed.includes(direction)),
    );
    if (open.length === 0) return;
    const text = open.join(", ");
    report("open", { path: path("metadata", "name"), data: { directions: text }, value: text });
  },
});
