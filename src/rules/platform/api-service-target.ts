import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "api-service-target",
  revision: 1,
  title: "Aggregated APIs have a Service that exists",
  category: "platform",
  severity: "High",
  kinds: ["APIService.apiregistration.k8s.io"],
  reads: ["Service"],
  why: "The API server cannot tell what a group without a backend holds. So deleting any namespace hangs in Terminating, garbage collection stops, and discovery is slow or incomplete for every client.",
  fix: "Install the Service, or delete the APIService that an uninstall has left behind.",
  packs: { strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/"],
  params: z.strictObject({}),
  messages: {
    missing: "The API is served by the Service {service}, which does not exist",
  },
  collect({ resource }) {
    const service = fieldsAt(resource.object, "spec", "service");
    const [namespace, name] = [textAt(service, "namespace"), textAt(service, "name")];
    return namespace && name ? { namespace, name } : undefined;
  },
  check({ subject: { namespace, name }, inventory, report }) {
    if (inventory.get("Service", namespace, name) !== undefined) return;
    const service = printable(`${namespace}/${name}`);
    report("missing", { path: path("spec", "service"), data: { service }, value: service });
  },
});
