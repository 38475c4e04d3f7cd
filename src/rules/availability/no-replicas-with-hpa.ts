import { z } from "zod";
import { autoscalerKinds, autoscalersOf } from "../../engine/facts/planned-replicas.ts";
import { resourceRef } from "../../engine/resource.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { nameList } from "../../engine/values/name-list.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "no-replicas-with-hpa",
  revision: 1,
  title: "Autoscaled workloads leave replicas out",
  category: "availability",
  severity: "Medium",
  kinds: ["Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "Rollout.argoproj.io"],
  manifestsOnly: true,
  reads: autoscalerKinds,
  why: "Each time such a manifest is applied it sets the replicas back to what it says. A deployment at peak load takes away the Pods that the autoscaler added.",
  fix: "Remove spec.replicas and leave the number to the autoscaler.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
  ],
  params: z.strictObject({}),
  messages: {
    written: "replicas is {replicas}, but {autoscalers} decides",
  },
  collect({ resource }) {
    return integerAt(resource.object, "spec", "replicas");
  },
  check({ id, subject: replicas, inventory, report }) {
    const autoscalers = autoscalersOf(id, inventory).map((one) => resourceRef(one.id));
    if (autoscalers.length === 0) return;
    report("written", {
      path: path("spec", "replicas"),
      data: { replicas, autoscalers: nameList(autoscalers) },
      value: String(replicas),
    });
  },
});
