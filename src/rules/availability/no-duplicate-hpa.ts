import { z } from "zod";
import { horizontalPodAutoscalerFacts } from "../../engine/facts/autoscaler.ts";
import { autoscalerKinds, autoscalersOf } from "../../engine/facts/planned-replicas.ts";
import { resourceRef } from "../../engine/resource.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { nameList } from "../../engine/values/name-list.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "no-duplicate-hpa",
  revision: 1,
  title: "A workload has one autoscaler",
  category: "availability",
  severity: "High",
  kinds: ["HorizontalPodAutoscaler.autoscaling"],
  reads: autoscalerKinds,
  why: "Two autoscalers of one workload each set the replicas that they find right, and undo what the other did. The workload is scaled up and down without end, or not at all when the load comes.",
  fix: "Delete one of the autoscalers and put all metrics into the other.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    "https://keda.sh/docs/latest/concepts/scaling-deployments/",
  ],
  params: z.strictObject({}),
  messages: {
    duplicate: "{target} is scaled by others too: {others}",
  },
  collect({ resource }) {
    const { target, scaledObject } = horizontalPodAutoscalerFacts(resource);
    return target && { target, scaledObject };
  },
  check({ id, subject: { target, scaledObject }, inventory, report }) {
    const self = resourceRef(id);
    const others = autoscalersOf({ ...target, namespace: id.namespace }, inventory)
      // KEDA scales through the autoscaler that it keeps: the two are one.
      .filter((other) => other.id.kind !== "ScaledObject" || other.id.name !== scaledObject)
      .map((other) => resourceRef(other.id))
      .filter((ref) => ref !== self);
    if (others.length === 0) return;
    report("duplicate", {
      path: path("spec", "scaleTargetRef"),
      data: { target: `${target.kind}/${target.name}`, others: nameList(others) },
      value: nameList(others),
    });
  },
});
