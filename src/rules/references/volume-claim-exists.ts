import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";

export const rule = defineInventoryRule({
  id: "volume-claim-exists",
  revision: 1,
  title: "Mounted volume claims exist",
  category: "references",
  severity: "High",
  kinds: "workloads",
  reads: ["PersistentVolumeClaim"],
  why: "The scheduler places no Pod whose PersistentVolumeClaim is missing: it stays Pending. Running Pods go on, so it shows only at the next restart or drain.",
  fix: "Create the PersistentVolumeClaim in the same namespace, or correct claimName.",
  packs: { strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes"],
  params: z.strictObject({}),
  messages: {
    missing: "PersistentVolumeClaim {name} does not exist",
  },
  collect({ resource }) {
    const claims = recordsAt(resource.object, "spec", "volumeClaimTemplates");
    const own = new Set(claims.map((claim) => textAt(claim, "metadata", "name")));
    const needed = (resource.podSpec?.volumes ?? []).flatMap((volume) => {
      const name = textAt(volume.fields, "persistentVolumeClaim", "claimName");
      return !name || own.has(name) ? [] : [{ path: below(volume.path, "persistentVolumeClaim", "claimName"), name }];
    });
    return needed.length === 0 ? undefined : needed;
  },
  check({ id, subject, inventory, report }) {
    for (const { path, name } of subject) {
      if (inventory.get("PersistentVolumeClaim", id.namespace, name) !== undefined) continue;
      const text = printable(name);
      report("missing", { path, class: text, data: { name: text }, value: text });
    }
  },
});
