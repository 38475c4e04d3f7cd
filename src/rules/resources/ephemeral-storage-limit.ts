import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isPositive } from "../../engine/values/quantity.ts";
import { quantityParam } from "../../engine/values/rule-params.ts";
import { isWithinBounds } from "../../engine/views/amounts-in-bounds.ts";

const resource = "ephemeral-storage";

export const rule = defineRule({
  id: "ephemeral-storage-limit",
  revision: 1,
  title: "Containers have a limit of ephemeral storage",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  why: "Logs, writable layers and emptyDir volumes share the disk of the node. A container without a limit can fill it, and then the kubelet evicts Pods that did nothing wrong.",
  fix: "Set resources.limits.ephemeral-storage of each container.",
  packs: { strict: {} },
  references: [
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage",
    "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
  ],
  params: z.strictObject({
    init: z.boolean().default(false).describe("Plain init containers need a limit too"),
    max: quantityParam.optional().describe("Largest limit that is fine"),
  }),
  messages: {
    missing: "Container {container} has no limit of ephemeral storage",
    zero: "Limit of ephemeral storage of container {container} is {actual}, which limits nothing",
    above: "Limit of ephemeral storage of container {container} is {actual}, more than {max}",
  },
  check({ resource: { podSpec }, params: { init, max }, report }) {
    if (podSpec === undefined) return;
    const podLimit = podSpec.resources.limit(resource);
    if (podLimit !== undefined && isWithinBounds(podLimit, { min: undefined, max })) return;
    for (const container of init ? podSpec.spec : podSpec.run) {
      const limit = container.resources.limit(resource);
      const path = container.at("resources", "limits", resource);
      if (limit === undefined) report("missing", { path, data: { container: container.name }, value: "none" });
      else if (!isPositive(limit))
        report("zero", { path, data: { container: container.name, actual: limit.text }, value: limit.text });
      else if (max !== undefined && !isWithinBounds(limit, { min: undefined, max }))
        report("above", { path, data: { container: container.name, actual: limit.text, max }, value: limit.text });
    }
  },
});
