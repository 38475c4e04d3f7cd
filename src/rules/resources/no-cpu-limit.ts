import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isPositive } from "../../engine/values/quantity.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-cpu-limit",
  revision: 1,
  title: "No container has a CPU limit",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  why: "A CPU limit throttles a container even while the node has idle cores. Latency grows although nothing is short; a request already guarantees every container its share.",
  fix: "Remove resources.limits.cpu and keep resources.requests.cpu. Where strict shares matter more than latency, use the rule cpu-limit in its place.",
  packs: { eks: {} },
  conflictsWith: ["cpu-limit", "guaranteed-qos"],
  aliases: [{ id: "EKS_INVALID_CPU_LIMIT" }],
  references: [
    "https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html",
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  ],
  params: z.strictObject({}),
  messages: {
    container: "Container {container} is throttled by its CPU limit of {limit}",
    pod: "The pod is throttled by its CPU limit of {limit}",
  },
  check({ resource: { podSpec }, report }) {
    for (const container of podSpec?.spec ?? []) {
      const limit = container.resources.limit("cpu");
      if (limit === undefined || !isPositive(limit)) continue;
      report("container", {
        path: container.at("resources", "limits", "cpu"),
        data: { container: container.name, limit: limit.text },
        value: limit.text,
      });
    }
    const limit = podSpec?.resources.limit("cpu");
    if (limit === undefined || !isPositive(limit)) return;
    report("pod", { path: path("resources", "limits", "cpu"), data: { limit: limit.text }, value: limit.text });
  },
});
