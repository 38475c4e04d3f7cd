import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { nameList } from "../../engine/values/name-list.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "storage-class",
  revision: 1,
  title: "Volume claims name their storage class",
  category: "availability",
  severity: "Low",
  kinds: ["PersistentVolumeClaim", "StatefulSet.apps"],
  why: "A claim without a class gets whatever the cluster has as its default, or waits for ever where there is none. The same manifest then keeps data on fast disks here and on a network share there, with another policy on what is deleted.",
  fix: 'Set storageClassName of the claim, to "" for a volume that was made by hand.',
  packs: {},
  references: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1",
    "https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass",
  ],
  params: z.strictObject({
    allowed: z.array(z.string()).optional().describe("Storage classes that are fine; any if unset"),
  }),
  messages: {
    notSet: "Claim {claims} names no storage class",
    notAllowed: "Claim {claims} wants storage class {storageClass}, which is not one of {allowed}",
  },
  check({ resource: { object, kindName, id }, params: { allowed }, report }) {
    const isClaim = kindName === "PersistentVolumeClaim";
    const templates = recordsAt(object, "spec", "volumeClaimTemplates").map((claim) => ({
      name: textAt(claim, "metadata", "name") ?? "",
      storageClass: textAt(claim, "spec", "storageClassName"),
    }));
    const claims = isClaim ? [{ name: id.name, storageClass: textAt(object, "spec", "storageClassName") }] : templates;
    const at = isClaim ? path("spec", "storageClassName") : path("spec", "volumeClaimTemplates");
    const quoted = (storageClass: string) => printable(storageClass === "" ? '""' : storageClass);
    for (const [storageClass, named] of Map.groupBy(claims, (claim) => claim.storageClass)) {
      const names = printable(nameList(named.map(({ name }) => name)));
      if (storageClass === undefined)
        report("notSet", { path: at, class: "(none)", data: { claims: names }, value: "none" });
      else if (allowed !== undefined && !allowed.includes(storageClass))
        report("notAllowed", {
          path: at,
          class: quoted(storageClass),
          data: { claims: names, storageClass: quoted(storageClass), allowed: allowed.map(quoted).join(", ") },
          value: storageClass,
        });
    }
  },
});
