import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { quantityParam } from "../../engine/values/rule-params.ts";
import { amountProblems } from "../../engine/views/amounts-in-bounds.ts";
import { copyLimits } from "../../engine/views/copy-limits.ts";

export const rule = defineRule({
  id: "cpu-request",
  revision: 1,
  title: "Containers request CPU",
  category: "resources",
  severity: "Medium",
  kinds: "workloads",
  why: "The scheduler places Pods by what they request. Containers that request nothing are packed onto full nodes, where they get the smallest share of the CPU and cannot be scaled by usage.",
  fix: "Set resources.requests.cpu of each container to what it uses under normal load, or spec.resources.requests.cpu of the pod.",
  packs: { recommended: {}, strict: {}, reliability: {}, "datree-default": { explicit: true } },
  aliases: [{ id: "CONTAINERS_MISSING_CPU_REQUEST_KEY", params: { explicit: true } }],
  references: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/assign-cpu-resource/",
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
    missing: "Container {container} requests no CPU",
    zero: "CPU request of container {container} is {actual}, which reserves nothing",
    below: "CPU request of container {container} is {actual}, less than {bound}",
    above: "CPU request of container {container} is {actual}, more than {bound}",
    podBelow: "CPU request of the pod is {actual}, less than {bound}",
    podAbove: "CPU request of the pod is {actual}, more than {bound}",
  },
  check({ resource, params, report }) {
    if (resource.podSpec === undefined) return;
    const problems = amountProblems(resource.podSpec, {
      resource: "cpu",
      field: "requests",
      read: (amounts) => (params.explicit ? amounts.writtenRequest("cpu") : amounts.request("cpu")),
      init: params.init,
      min: params.min,
      max: params.max,
    });
    for (const { messageId, ...at } of problems) report(messageId, at);
  },
  autofix({ resource: { podSpec }, params }) {
    if (podSpec === undefined || !params.explicit) return [];
    return copyLimits(podSpec, { resource: "cpu", init: params.init, min: params.min, max: params.max });
  },
});
