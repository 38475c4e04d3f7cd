import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { formatSelector, isEmptySelector, readLabelSelector, selectsPods } from "../../engine/values/label-selector.ts";
import { valueAt } from "../../engine/views/fields.ts";
import { networkPolicyKind } from "../../engine/views/network-policy.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "network-policy-target",
  revision: 1,
  title: "Network policies select a workload",
  category: "network",
  severity: "Low",
  kinds: [networkPolicyKind],
  reads: ["workloads"],
  why: "A policy whose selector matches nothing protects nothing. Mostly a label was renamed, and the Pods that the policy was written for are open now.",
  fix: "Make spec.podSelector match labels of the pod template, or delete the policy.",
  packs: { strict: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource"],
  params: z.strictObject({}),
  messages: {
    selectsNothing: "No workload of the namespace has Pods that match {selector}",
  },
  collect({ resource }) {
    const selector = readLabelSelector(valueAt(resource.object, "spec", "podSelector"));
    return selector === undefined || isEmptySelector(selector) ? undefined : selector;
  },
  check({ id, subject, inventory, report }) {
    if (inventory.workloads(id.namespace).some((workload) => selectsPods(subject, workload))) return;
    const selector = formatSelector(subject);
    report("selectsNothing", { path: path("spec", "podSelector"), data: { selector }, value: selector });
  },
});
