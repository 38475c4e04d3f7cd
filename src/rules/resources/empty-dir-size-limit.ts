import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isPositive, parseQuantity } from "../../engine/values/quantity.ts";
import type { ContainerView } from "../../engine/views/container.ts";
import { emptyDirOf } from "../../engine/views/empty-dir.ts";
import { recordsAt, textAt, valueAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import type { ResourceAmounts } from "../../engine/views/resource-amounts.ts";

export const rule = defineRule({
  id: "empty-dir-size-limit",
  revision: 1,
  title: "Scratch volumes cannot fill the node",
  category: "resources",
  severity: "Low",
  kinds: "workloads",
  why: "An emptyDir volume grows on the disk, or in the memory, of its node. Without a bound one Pod that forgets to clean up takes the space of all its neighbours, and they are evicted with it.",
  fix: "Set emptyDir.sizeLimit, or limit ephemeral storage (memory for medium: Memory) of each container that mounts the volume.",
  packs: { strict: {} },
  references: [
    "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
  ],
  params: z.strictObject({}),
  messages: {
    noLimit: "Volume {volume} has no size limit, and container {container} that mounts it no {resource} limit",
  },
  check({ resource: { podSpec }, report }) {
    for (const { name, path, fields } of podSpec?.volumes ?? []) {
      const emptyDir = emptyDirOf(fields);
      if (emptyDir === undefined || isSet(valueAt(emptyDir, "sizeLimit"))) continue;
      const resource = textAt(emptyDir, "medium") === "Memory" ? "memory" : "ephemeral-storage";
      if (podSpec === undefined || hasLimit(podSpec.resources, resource)) continue;
      const unbounded = podSpec.all.find((one) => mounts(one, name) && !hasLimit(one.resources, resource));
      if (unbounded !== undefined)
        report("noLimit", {
          path: below(path, "emptyDir", "sizeLimit"),
          data: { volume: name, container: unbounded.name, resource },
          value: "none",
        });
    }
  },
});

function isSet(amount: unknown): boolean {
  const quantity = parseQuantity(amount);
  return quantity !== undefined && isPositive(quantity);
}

function hasLimit(amounts: ResourceAmounts, resource: string): boolean {
  const limit = amounts.limit(resource);
  return limit !== undefined && isPositive(limit);
}

function mounts({ fields }: ContainerView, volume: string): boolean {
  return recordsAt(fields, "volumeMounts").some((mount) => textAt(mount, "name") === volume);
}
