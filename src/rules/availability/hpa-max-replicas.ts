import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "hpa-max-replicas",
  revision: 1,
  title: "Autoscalers can scale, within bounds",
  category: "availability",
  severity: "Medium",
  kinds: ["HorizontalPodAutoscaler.autoscaling"],
  why: "An autoscaler whose maximum is its minimum never adds a replica, so the load it was made for brings the workload down. One without a sensible maximum takes the whole cluster.",
  fix: "Set spec.maxReplicas above minReplicas, to what the cluster can carry.",
  packs: { strict: {}, reliability: {} },
  aliases: [{ id: "HPA_MISSING_MAXREPLICAS_KEY", params: { headroom: false } }],
  references: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
  params: z.strictObject({
    max: z.int().min(1).optional().describe("Most replicas that are fine"),
    headroom: z.boolean().default(true).describe("The maximum has to be above the minimum"),
  }),
  messages: {
    notSet: "maxReplicas is not set",
    tooMany: "maxReplicas is {actual}, more than {max}",
    noHeadroom: "maxReplicas is {actual} and minReplicas {minReplicas}: nothing is ever scaled up",
  },
  check({ resource: { object }, params: { max, headroom }, report }) {
    const actual = integerAt(object, "spec", "maxReplicas");
    const minReplicas = integerAt(object, "spec", "minReplicas") ?? 1;
    const at = path("spec", "maxReplicas");
    if (actual === undefined) report("notSet", { path: at, data: {}, value: "none" });
    else if (max !== undefined && actual > max)
      report("tooMany", { path: at, data: { actual, max }, value: String(actual) });
    else if (headroom && actual <= minReplicas)
      report("noHeadroom", { path: at, data: { actual, minReplicas }, value: String(actual) });
  },
});
