import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { configMapReferences } from "../../engine/views/pod-references.ts";

export const rule = defineInventoryRule({
  id: "configmap-exists",
  revision: 1,
  title: "Referenced ConfigMaps and keys exist",
  category: "references",
  severity: "High",
  kinds: "workloads",
  reads: ["ConfigMap"],
  why: "A Pod that needs a missing ConfigMap or key does not start. Running Pods go on, so it shows only at the next rollout, restart or drain.",
  fix: "Create the ConfigMap with the key, correct the name, or mark the reference as optional.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/concepts/configuration/configmap/#configmaps-and-pods"],
  params: z.strictObject({}),
  messages: {
    missing: "ConfigMap {name} does not exist",
    missingKey: "ConfigMap {name} has no key {key}",
  },
  collect({ resource }) {
    const pod = resource.podSpec;
    const needed = pod === undefined ? [] : configMapReferences(pod);
    return needed.length === 0 ? undefined : needed;
  },
  check({ id, subject, inventory, report }) {
    for (const { path, name, key } of subject) {
      const found = inventory.get("ConfigMap", id.namespace, name);
      if (found !== undefined && (key === undefined || found.keys.has(key))) continue;
      const missingKey = found === undefined ? undefined : key;
      const text = printable(missingKey === undefined ? name : `${name}:${missingKey}`);
      const data = { name: printable(name), key: printable(missingKey ?? "") };
      report(missingKey === undefined ? "missing" : "missingKey", { path, class: text, data, value: text });
    }
  },
});
