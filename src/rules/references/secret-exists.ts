import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { secretReferences } from "../../engine/views/pod-references.ts";

export const rule = defineInventoryRule({
  id: "secret-exists",
  revision: 1,
  title: "Referenced Secrets exist",
  category: "references",
  severity: "High",
  kinds: "workloads",
  reads: ["Secret"],
  why: "A Pod that needs a missing Secret does not start. Running Pods go on, so it shows only at the next rollout, restart or drain.",
  fix: "Create the Secret, correct the name, or mark the reference as optional.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/concepts/configuration/secret/#optional-secrets"],
  params: z.strictObject({}),
  messages: {
    missing: "Secret {name} does not exist",
  },
  collect({ resource }) {
    // Keys are not judged: the payload of a Secret is never read.
    const needed = resource.podSpec === undefined ? [] : secretReferences(resource.podSpec);
    const places = new Map(needed.map(({ path, name }) => [`${path} ${name}`, { path, name }]));
    return places.size === 0 ? undefined : [...places.values()];
  },
  check({ id, subject, inventory, report }) {
    for (const { path, name } of subject) {
      if (inventory.get("Secret", id.namespace, name) !== undefined) continue;
      const text = printable(name);
      report("missing", { path, class: text, data: { name: text }, value: text });
    }
  },
});
