import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { selectsPods } from "../../engine/values/label-selector.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "statefulset-service",
  revision: 1,
  title: "StatefulSets have a headless Service",
  category: "availability",
  severity: "Medium",
  kinds: ["StatefulSet.apps"],
  reads: ["Service"],
  why: "The Pods of a StatefulSet get their DNS names through the headless Service that it names. Without it database members cannot find each other, and a cluster never forms or falls apart at the next restart.",
  fix: "Create a Service with clusterIP: None that selects the Pods, and name it in spec.serviceName.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services",
  ],
  params: z.strictObject({}),
  messages: {
    notSet: "serviceName is not set",
    missing: "Service {service} does not exist",
    notHeadless: "Service {service} is not headless, so the Pods get no names of their own",
    selectsOthers: "Service {service} does not select the Pods",
  },
  collect({ resource }) {
    const { podSpec, object } = resource;
    return { service: textAt(object, "spec", "serviceName") ?? "", podLabels: podSpec?.labels };
  },
  check({ id, subject: { service, podLabels }, inventory, report }) {
    const facts = inventory.get("Service", id.namespace, service);
    const at = { path: path("spec", "serviceName"), data: { service: printable(service) }, value: service };
    if (service === "") report("notSet", { ...at, data: {}, value: "none" });
    else if (facts === undefined) report("missing", at);
    else if (!facts.headless) report("notHeadless", at);
    else if (!selectsPods(facts.selector, { podLabels, fromTemplate: true })) report("selectsOthers", at);
  },
});
