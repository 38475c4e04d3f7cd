import { z } from "zod";
import { isolationsOf } from "../../engine/facts/isolation.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { directions, networkPolicyKinds } from "../../engine/views/network-policy.ts";

export const rule = defineInventoryRule({
  id: "network-policy",
  revision: 1,
  title: "Network policies select every workload",
  category: "network",
  severity: "Medium",
  kinds: "workloads",
  reads: networkPolicyKinds,
  why: "Pods that no policy selects take connections from every Pod of the cluster and, with Egress asked for, may open them to everywhere. One broken Pod then reaches all the others.",
  fix: "Write a NetworkPolicy whose podSelector matches the Pods, and allow the connections that they need.",
  packs: { strict: {}, network: {}, nsa: { directions: ["Ingress", "Egress"] } },
  references: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",
    "https://docs.cilium.io/en/stable/network/kubernetes/policy/",
  ],
  params: z.strictObject({
    directions: z
      .array(z.enum(directions))
      .default(["Ingress"])
      .describe("Directions that policies must close; without any it is enough that some policy selects the Pods"),
  }),
  messages: {
    open: "No network policy selects the Pods for {directions}",
    unselected: "No network policy selects the Pods",
  },
  collect({ resource }) {
    const pod = resource.podSpec;
    if (pod === undefined || flagAt(pod.fields, "hostNetwork") === true) return undefined;
    const pods = { podLabels: pod.labels, fromTemplate: resource.kindName !== "Pod" };
    return { path: `${pod.metadataPath}.labels`, pods };
  },
  check({ id, subject: { path, pods }, inventory, params, report }) {
    const isolations = isolationsOf(pods, id.namespace, inventory);
    const open = directions.filter(
      (direction) =>
        params.directions.includes(direction) && !isolations.some((one) => one.directions.includes(direction)),
    );
    const text = open.join(", ");
    if (params.directions.length === 0 && isolations.length === 0) report("unselected", { path, data: {} });
    else if (open.length > 0) report("open", { path, data: { directions: text }, value: text });
  },
});
