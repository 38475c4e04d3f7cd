import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { quantityParam } from "../../engine/values/rule-params.ts";
import { amountProblems } from "../../engine/views/amounts-in-bounds.ts";
import { copyLimits } from "../../engine/views/copy-limits.ts";

export const rule = defineRule({
  id: "memory-request",
  revision: 1,
  title: "Containers request memory",
  category: "resources",
  severity: "Medium",
  kinds: "workloads",
  why: "The scheduler packs Pods by what they request. Containers that request no memory end up together on nodes that cannot hold them, and are the first to be evicted when memory runs short.",
  fix: "Set resources.requests.memory of each container to what it uses under normal load, or spec.resources.requests.memory of the pod.",
  packs: { strict: {}, reliability: {}, "datree-default": { explicit: true }, "datree-starter": { explicit: true } },
  aliases: [{ id: "CONTAINERS_MISSING_MEMORY_REQUEST_KEY", params: { explicit: true } }],
  references: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/",
    "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction",
  ],
  params: z.strictObject({
    init: z.boolean().default(false).describe("Plain init containers need a request too"),
    explicit: z
      .boolean()
      .default(false)
      .describe("The request itself must be written; a limit does not stand in for it"),
    min: quantityParam.optional().describe("Smallest request that is fine"),
    max: quantityParam.optional().describe("Largest request that is fine"),
  }),
  messages: {
    missing: "Container {container} requests no memory",
    zero: "Memory request of container {container} is {actual}, which reserves nothing",
    below: "Memory request of container {container} is {actual}, less than {bound}",
    above: "Memory request of container {container} is {actual}, more than {bound}",
    podBelow: "Memory request of the pod is {actual}, less than {bound}",
    podAbove: "Memory request of the pod is {actual}, more than {bound}",
  },
  check({ resource, params, report }) {
    if (resource.podSpec === undefined) return;
    const problems = amountProblems(resource.podSpec, {
      resource: "memory",
      field: "requests",
      read: (amounts) => (params.explicit ? amounts.writtenRequest("memory") : amounts.request("memory")),
      init: params.init,
      min: params.min,
      max: params.max,
    });
    for (const { messageId, ...at } of problems) report(messageId, at);
  },
  autofix({ resource: { podSpec }, params }) {
    if (podSpec === undefined || !params.explicit) return [];
    return copyLimits(podSpec, { resource: "memory", init: params.init, min: params.min, max: params.max });
  },
});
