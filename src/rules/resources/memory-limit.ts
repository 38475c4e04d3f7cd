import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { quantityParam } from "../../engine/values/rule-params.ts";
import { amountProblems } from "../../engine/views/amounts-in-bounds.ts";

export const rule = defineRule({
  id: "memory-limit",
  revision: 1,
  title: "Containers have a memory limit",
  category: "resources",
  severity: "High",
  kinds: "workloads",
  why: "A container without a memory limit can take all memory of its node. The kernel then kills whatever it picks, often a neighbour that did nothing wrong.",
  fix: "Set resources.limits.memory of each container a little above its measured peak, or spec.resources.limits.memory of the pod.",
  packs: { recommended: {}, strict: {}, reliability: {}, nsa: {}, "datree-default": {}, "datree-starter": {} },
  aliases: [{ id: "CONTAINERS_MISSING_MEMORY_LIMIT_KEY" }],
  references: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/",
  ],
  params: z.strictObject({
    init: z.boolean().default(false).describe("Plain init containers need a limit too"),
    min: quantityParam.optional().describe("Smallest limit that is fine"),
    max: quantityParam.optional().describe("Largest limit that is fine"),
  }),
  messages: {
    missing: "Container {container} has no memory limit",
    zero: "Memory limit of container {container} is {actual}, which limits nothing",
    below: "Memory limit of container {container} is {actual}, less than {bound}",
    above: "Memory limit of container {container} is {actual}, more than {bound}",
    podBelow: "Memory limit of the pod is {actual}, less than {bound}",
    podAbove: "Memory limit of the pod is {actual}, more than {bound}",
  },
  check({ resource, params, report }) {
    if (resource.podSpec === undefined) return;
    const problems = amountProblems(resource.podSpec, {
      resource: "memory",
      field: "limits",
      read: (amounts) => amounts.limit("memory"),
      init: params.init,
      min: params.min,
      max: params.max,
    });
    for (const { messageId, ...at } of problems) report(messageId, at);
  },
});
