import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, valueAt } from "../../engine/views/fields.ts";
import { ingressKinds } from "../../engine/views/ingress.ts";
import type { Path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

const priorityClass = "PriorityClass.scheduling.k8s.io";
const runtimeClass = "RuntimeClass.node.k8s.io";
const storageClass = "StorageClass.storage.k8s.io";
const ingressClass = "IngressClass.networking.k8s.io";

const messageOf = {
  [priorityClass]: "priority",
  [runtimeClass]: "runtime",
  [storageClass]: "storage",
  [ingressClass]: "ingress",
} as const;

interface ClassReference {
  readonly kind: keyof typeof messageOf;
  readonly path: Path;
  readonly name: string;
}

export const rule = defineInventoryRule({
  id: "class-exists",
  revision: 1,
  title: "Referenced classes exist",
  category: "references",
  severity: "High",
  kinds: [...workloadKinds, "PersistentVolumeClaim", ...ingressKinds],
  reads: [priorityClass, runtimeClass, storageClass, ingressClass],
  why: "The API server refuses Pods of a missing priority or runtime class, a claim of a missing storage class stays Pending, and no controller serves an Ingress of a missing class.",
  fix: "Create the class, or name one that exists.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    "https://kubernetes.io/docs/concepts/containers/runtime-class/",
    "https://kubernetes.io/docs/concepts/storage/storage-classes/",
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",
  ],
  params: z.strictObject({}),
  messages: {
    priority: "PriorityClass {name} does not exist",
    runtime: "RuntimeClass {name} does not exist",
    storage: "StorageClass {name} does not exist",
    ingress: "IngressClass {name} does not exist",
  },
  collect({ resource }) {
    const named = referencesOf(resource);
    return named.length === 0 ? undefined : named;
  },
  check({ subject, inventory, report }) {
    for (const { kind, path: at, name } of subject) {
      if (inventory.get(kind, "", name) !== undefined) continue;
      const text = printable(name);
      report(messageOf[kind], { path: at, class: text, data: { name: text }, value: text });
    }
  },
});

/** The API server makes these, and lets nobody else take the prefix. */
function alwaysThere(kind: ClassReference["kind"], name: string): boolean {
  return kind === priorityClass && name.startsWith("system-");
}

function referencesOf({ id, object, podSpec, isWorkload }: ResourceView): readonly ClassReference[] {
  const found: ClassReference[] = [];
  const add = (kind: ClassReference["kind"], path: Path, name: unknown) => {
    if (typeof name === "string" && name !== "" && !alwaysThere(kind, name)) found.push({ kind, path, name });
  };
  if (id.kind === "PersistentVolumeClaim")
    add(storageClass, "spec.storageClassName", valueAt(object, "spec", "storageClassName"));
  else if (!isWorkload) add(ingressClass, "spec.ingressClassName", valueAt(object, "spec", "ingressClassName"));
  else {
    add(priorityClass, "priorityClassName", podSpec?.fields.priorityClassName);
    add(runtimeClass, "runtimeClassName", podSpec?.fields.runtimeClassName);
    if (id.kind === "StatefulSet")
      for (const claim of recordsAt(object, "spec", "volumeClaimTemplates"))
        add(storageClass, "spec.volumeClaimTemplates", valueAt(claim, "spec", "storageClassName"));
  }
  return found;
}
