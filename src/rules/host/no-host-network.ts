import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-host-network",
  revision: 1,
  title: "Pods have a network of their own",
  category: "host",
  severity: "High",
  kinds: "workloads",
  why: "A Pod in the node's network reaches what listens on localhost there, the kubelet included, sees the node's traffic, and no network policy applies to it.",
  fix: "Remove hostNetwork, and publish what must be reached through a Service.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {}, nsa: {}, cis: {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_HOSTNETWORK_VALUE_TRUE" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  ],
  params: z.strictObject({}),
  messages: {
    shared: "The pod shares the network of its node: hostNetwork is true",
  },
  check({ resource: { podSpec }, report }) {
    if (flagAt(podSpec?.fields, "hostNetwork") === true)
      report("shared", { path: path("hostNetwork"), data: {}, value: "true" });
  },
});
