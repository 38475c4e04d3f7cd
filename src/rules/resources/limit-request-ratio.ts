import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import {
  compareQuantities,
  isPositive,
  multiplyQuantities,
  parseQuantity,
  type Quantity,
} from "../../engine/values/quantity.ts";
import type { ResourceAmounts } from "../../engine/views/resource-amounts.ts";

export const rule = defineRule({
  id: "limit-request-ratio",
  revision: 1,
  title: "Limits are close to requests",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  why: "The scheduler fills nodes by requests, the containers fill them up to their limits. Where limits are far above, a node can be promised twice, and when the containers use what they may, the kernel kills some of them.",
  fix: "Raise the request to the limit, or lower the limit until it is within the ratio.",
  packs: { eks: {} },
  aliases: [{ id: "EKS_INVALID_MEMORY_REQUEST_LIMIT" }],
  references: [
    "https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html",
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  ],
  params: z.strictObject({
    memory: z.number().positive().default(1).describe("How many times its request a memory limit may be"),
    cpu: z.number().positive().optional().describe("How many times its request a CPU limit may be; not asked if unset"),
  }),
  messages: {
    noLimit: "Container {container} requests {request} of {resource} and has no limit",
    tooFar:
      "Container {container} requests {request} of {resource}, and its limit of {limit} is more than {ratio} × that",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const resource of ["memory", "cpu"] as const) {
      const ratio = parseQuantity(params[resource]);
      if (ratio === undefined) continue;
      // What the pod level bounds is bounded for all its containers.
      const podLimit = podSpec.resources.limit(resource);
      const bounded = podLimit !== undefined && isPositive(podLimit);
      if (bounded && problemOf(podSpec.resources, resource, ratio) === undefined) continue;
      for (const container of podSpec.spec) {
        const problem = problemOf(container.resources, resource, ratio);
        if (problem === undefined) continue;
        report(problem.messageId, {
          path: container.at("resources", "limits", resource),
          data: {
            container: container.name,
            resource,
            request: problem.request,
            limit: problem.limit,
            ratio: ratio.text,
          },
          value: problem.limit,
        });
      }
    }
  },
});

function problemOf(amounts: ResourceAmounts, resource: string, ratio: Quantity) {
  const request = amounts.request(resource);
  const limit = amounts.limit(resource);
  if (request === undefined) return undefined;
  if (limit === undefined || !isPositive(limit))
    return isPositive(request) ? ({ messageId: "noLimit", request: request.text, limit: "none" } as const) : undefined;
  if (compareQuantities(limit, multiplyQuantities(request, ratio)) <= 0) return undefined;
  return { messageId: "tooFar", request: request.text, limit: limit.text } as const;
}
