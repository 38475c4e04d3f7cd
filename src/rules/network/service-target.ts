import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { readMapSelector, selectsPods } from "../../engine/values/label-selector.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt, valueAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "service-target",
  revision: 1,
  title: "Services select a workload",
  category: "network",
  severity: "High",
  kinds: ["Service"],
  reads: ["workloads"],
  why: "A Service whose selector matches nothing has no endpoints: every connection to it fails, and nothing else says so.",
  fix: "Make spec.selector equal to labels of the pod template, or delete the Service.",
  packs: { recommended: {}, strict: {}, reliability: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"],
  params: z.strictObject({}),
  messages: {
    selectsNothing: "No workload of the namespace has the pod labels {selector}",
  },
  collect({ resource: { object } }) {
    if (textAt(object, "spec", "type") === "ExternalName") return undefined;
    return readMapSelector(valueAt(object, "spec", "selector"));
  },
  check({ id, subject, inventory, report }) {
    if (inventory.workloads(id.namespace).some((workload) => selectsPods(subject, workload))) return;
    const selector = printable(
      [...subject.labels]
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(", "),
    );
    report("selectsNothing", { path: path("spec", "selector"), data: { selector }, value: selector });
  },
});
