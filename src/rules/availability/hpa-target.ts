import { z } from "zod";
import { horizontalPodAutoscalerFacts } from "../../engine/facts/autoscaler.ts";
import { kindName } from "../../engine/resource.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import { templatePath } from "../../engine/views/workload-kinds.ts";

export const rule = defineInventoryRule({
  id: "hpa-target",
  revision: 1,
  title: "Autoscalers scale something that exists",
  category: "availability",
  severity: "High",
  kinds: ["HorizontalPodAutoscaler.autoscaling"],
  reads: ["workloads"],
  why: "An autoscaler whose target is missing scales nothing. The workload it was meant for stays at its size when the load comes.",
  fix: "Correct apiVersion, kind and name of scaleTargetRef, or delete the autoscaler.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
  params: z.strictObject({}),
  messages: {
    missing: "Target {target} does not exist",
  },
  collect({ resource }) {
    const { target } = horizontalPodAutoscalerFacts(resource);
    // Other kinds that can be scaled are not in the inventory.
    if (target === undefined || templatePath(kindName(target.group, target.kind)) === undefined) return undefined;
    return target;
  },
  check({ id, subject, inventory, report }) {
    if (inventory.workload({ ...subject, namespace: id.namespace }) !== undefined) return;
    const target = printable(`${kindName(subject.group, subject.kind)}/${subject.name}`);
    report("missing", { path: path("spec", "scaleTargetRef"), data: { target }, value: target });
  },
});
