import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "hpa-min-replicas",
  revision: 1,
  title: "Autoscalers keep more than one replica",
  category: "availability",
  severity: "Medium",
  kinds: ["HorizontalPodAutoscaler.autoscaling"],
  why: "An autoscaler brings a quiet workload down to its minimum. With one replica the first drain, eviction or crash at night is an outage.",
  fix: "Set spec.minReplicas to two or more.",
  packs: { strict: {}, reliability: {}, "datree-default": {} },
  aliases: [{ id: "HPA_MISSING_MINREPLICAS_KEY" }],
  references: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
  params: z.strictObject({
    min: z.int().min(0).default(2).describe("Fewest replicas that are fine"),
  }),
  messages: {
    notSet: "minReplicas is not set, which means {actual}, fewer than {min}",
    tooFew: "minReplicas is {actual}, fewer than {min}",
  },
  check({ resource, params: { min }, report }) {
    const written = integerAt(resource.object, "spec", "minReplicas");
    const actual = written ?? 1;
    if (actual >= min) return;
    report(written === undefined ? "notSet" : "tooFew", {
      path: path("spec", "minReplicas"),
      data: { actual, min },
      value: String(actual),
    });
  },
});
