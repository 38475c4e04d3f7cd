import { z } from "zod";
import { autoscalerKinds, plannedReplicas } from "../../engine/facts/planned-replicas.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { path } from "../../engine/views/path.ts";
import { replicasOf } from "../../engine/views/replicas.ts";
import { spreadingTerms } from "../../engine/views/spread.ts";

const ways = ["podAntiAffinity", "topologySpread"] as const;

export const rule = defineInventoryRule({
  id: "replica-spread",
  revision: 1,
  title: "Replicas are spread over nodes or zones",
  category: "availability",
  severity: "Medium",
  kinds: ["Deployment.apps", "StatefulSet.apps", "Rollout.argoproj.io"],
  reads: autoscalerKinds,
  why: "The scheduler may put all replicas on one node. When that node or its zone fails, all of them are gone at once, and the replicas were for nothing.",
  fix: "Add a topology spread constraint or a pod anti-affinity term whose labelSelector matches the labels of the pod template, with a topologyKey.",
  packs: { strict: {}, reliability: {}, eks: {} },
  aliases: [{ id: "EKS_MISSING_KEY_TOPOLOGYKEY", params: { by: ["podAntiAffinity"] } }],
  references: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity",
  ],
  params: z.strictObject({
    by: z
      .array(z.enum(ways))
      .min(1)
      .default([...ways])
      .describe("Ways to spread that count"),
    minReplicas: z.int().min(1).default(2).describe("Fewest planned replicas that have to be spread"),
  }),
  messages: {
    notSpread: "Nothing spreads the Pods (planned replicas: {replicas}), so all may run on one node",
    othersOnly: "What is spread are Pods with other labels (planned replicas: {replicas}), so all may run on one node",
    noTopologyKey: "A pod anti-affinity term has no topologyKey, so it keeps nothing apart",
  },
  collect({ resource, params: { by } }) {
    const terms = resource.podSpec && spreadingTerms(resource.podSpec).filter(({ way }) => by.includes(way));
    if (terms === undefined) return undefined;
    const spread = terms.some(({ selectsOwnPods }) => selectsOwnPods);
    const keyless = [...new Set(terms.filter(({ topologyKey }) => topologyKey === undefined).map((term) => term.path))];
    if (spread && keyless.length === 0) return undefined;
    return { replicas: replicasOf(resource), spread, keyless, others: terms.length > 0 };
  },
  check({ id, subject: { replicas, spread, keyless, others }, inventory, params: { by, minReplicas }, report }) {
    for (const list of keyless) report("noTopologyKey", { path: list, data: {}, value: "none" });
    const planned = plannedReplicas({ id, replicas }, inventory) ?? 0;
    if (spread || planned < minReplicas) return;
    report(others ? "othersOnly" : "notSpread", {
      path: by.includes("topologySpread") ? path("topologySpreadConstraints") : path("affinity", "podAntiAffinity"),
      data: { replicas: planned },
      value: "none",
    });
  },
});
