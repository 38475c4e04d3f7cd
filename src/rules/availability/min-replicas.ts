import { z } from "zod";
import { autoscalerKinds, autoscalersOf } from "../../engine/facts/planned-replicas.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { matchesKind } from "../../engine/values/kind-pattern.ts";
import { kindPatternParam } from "../../engine/values/rule-params.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import { hasReplicas, replicasOf } from "../../engine/views/replicas.ts";

const likeDatree = { kinds: ["Deployment"], allowZero: false };

export const rule = defineInventoryRule({
  id: "min-replicas",
  revision: 1,
  title: "Workloads run more than one replica",
  category: "availability",
  severity: "Medium",
  kinds: "workloads",
  reads: autoscalerKinds,
  why: "A single replica is down during every drain, eviction and crash of its node, however short.",
  fix: "Set spec.replicas to two or more, or let an autoscaler with such a minimum decide.",
  packs: { strict: {}, reliability: {}, "datree-default": likeDatree, "datree-starter": likeDatree },
  aliases: [{ id: "DEPLOYMENT_INCORRECT_REPLICAS_VALUE", params: likeDatree }],
  references: ["https://kubernetes.io/docs/concepts/workloads/pods/disruptions/"],
  params: z.strictObject({
    min: z.int().min(1).default(2).describe("Fewest replicas that are fine"),
    allowZero: z.boolean().default(true).describe("What is scaled to zero is not judged"),
    kinds: z
      .array(kindPatternParam)
      .default(["Deployment", "StatefulSet", "Rollout"])
      .describe("Kinds that are judged"),
  }),
  messages: {
    tooFew: "replicas is {actual}, fewer than {min}",
    notSet: "replicas is not set, which means 1, fewer than {min}",
  },
  collect({ resource, params }) {
    if (!hasReplicas(resource.kindName) || !matchesKind(params.kinds, resource.id)) return undefined;
    const replicas = replicasOf(resource) ?? 1;
    if (replicas >= params.min || (replicas === 0 && params.allowZero)) return undefined;
    return { replicas, written: integerAt(resource.object, "spec", "replicas") !== undefined };
  },
  check({ id, subject, inventory, params, report }) {
    if (autoscalersOf(id, inventory).length > 0) return;
    report(subject.written ? "tooFew" : "notSet", {
      path: path("spec", "replicas"),
      data: { actual: subject.replicas, min: params.min },
      value: String(subject.replicas),
    });
  },
});
