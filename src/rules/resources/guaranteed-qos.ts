import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { compareQuantities, isPositive } from "../../engine/values/quantity.ts";
import type { ResourceAmounts } from "../../engine/views/resource-amounts.ts";

const resources = ["cpu", "memory"] as const;

export const rule = defineRule({
  id: "guaranteed-qos",
  revision: 1,
  title: "Pods are of the Guaranteed class",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  why: "Only Pods whose limits equal their requests are of the class Guaranteed: they are the last that a node under pressure evicts. All others go before them, whatever they do.",
  fix: "Set CPU and memory limits of every container, init containers too, equal to its requests; or those of the pod.",
  packs: {},
  conflictsWith: ["no-cpu-limit"],
  references: ["https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/"],
  params: z.strictObject({}),
  messages: {
    noLimit: "Container {container} has no {resource} limit",
    notEqual: "Container {container} requests {request} of {resource}, its limit is {limit}",
  },
  check({ resource: { podSpec }, report }) {
    if (podSpec === undefined || resources.every((one) => problemOf(podSpec.resources, one) === undefined)) return;
    for (const container of podSpec.spec)
      for (const resource of resources) {
        const problem = problemOf(container.resources, resource);
        if (problem === undefined) continue;
        report(problem.messageId, {
          path: container.at("resources", "limits", resource),
          data: { container: container.name, resource, request: problem.request, limit: problem.limit },
          value: problem.limit,
        });
      }
  },
});

function problemOf(amounts: ResourceAmounts, resource: string) {
  const limit = amounts.limit(resource);
  const request = amounts.writtenRequest(resource);
  if (limit === undefined || !isPositive(limit))
    return { messageId: "noLimit", request: "none", limit: "none" } as const;
  if (request === undefined || compareQuantities(limit, request) === 0) return undefined;
  return { messageId: "notEqual", request: request.text, limit: limit.text } as const;
}
