import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { quantityParam } from "../../engine/values/rule-params.ts";
import { amountProblems } from "../../engine/views/amounts-in-bounds.ts";

export const rule = defineRule({
  id: "cpu-limit",
  revision: 1,
  title: "Containers have a CPU limit",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  why: "A container without a CPU limit can use every idle core of its node. How fast it runs then depends on its neighbours, and a runaway loop slows all of them.",
  fix: "Set resources.limits.cpu of each container, or spec.resources.limits.cpu of the pod. Where throttling hurts more than noise, use the rule no-cpu-limit in its place.",
  packs: { nsa: {}, "datree-default": {} },
  conflictsWith: ["no-cpu-limit"],
  aliases: [{ id: "CONTAINERS_MISSING_CPU_LIMIT_KEY" }],
  references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
  params: z.strictObject({
    init: z.boolean().default(false).describe("Plain init containers need a limit too"),
    min: quantityParam.optional().describe("Smallest limit that is fine"),
    max: quantityParam.optional().describe("Largest limit that is fine"),
  }),
  messages: {
    missing: "Container {container} has no CPU limit",
    zero: "CPU limit of container {container} is {actual}, which limits nothing",
    below: "CPU limit of container {container} is {actual}, less than {bound}",
    above: "CPU limit of container {container} is {actual}, more than {bound}",
    podBelow: "CPU limit of the pod is {actual}, less than {bound}",
    podAbove: "CPU limit of the pod is {actual}, more than {bound}",
  },
  check({ resource, params, report }) {
    if (resource.podSpec === undefined) return;
    const problems = amountProblems(resource.podSpec, {
      resource: "cpu",
      field: "limits",
      read: (amounts) => amounts.limit("cpu"),
      init: params.init,
      min: params.min,
      max: params.max,
    });
    for (const { messageId, ...at } of problems) report(messageId, at);
  },
});
