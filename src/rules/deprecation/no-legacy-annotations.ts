import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { type Fields, textAt, textMapAt } from "../../engine/views/fields.ts";
import { ingressKinds } from "../../engine/views/ingress.ts";
import { metadataOf } from "../../engine/views/metadata.ts";
import { below } from "../../engine/views/path.ts";
import type { PodSpecView } from "../../engine/views/pod-spec.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

/** What took the place of each annotation. */
const successors: ReadonlyMap<string, string> = new Map([
  ["seccomp.security.alpha.kubernetes.io/pod", "the field securityContext.seccompProfile of the pod"],
  ["scheduler.alpha.kubernetes.io/critical-pod", "the field priorityClassName"],
  ["kubernetes.io/ingress.class", "the field spec.ingressClassName"],
  ["volume.beta.kubernetes.io/storage-class", "the field spec.storageClassName"],
  ["service.alpha.kubernetes.io/tolerate-unready-endpoints", "the field spec.publishNotReadyAddresses"],
]);

/** Followed by the name of a container. */
const seccompOfContainer = "container.seccomp.security.alpha.kubernetes.io/";
const appArmorOfContainer = "container.apparmor.security.beta.kubernetes.io/";

export const rule = defineRule({
  id: "no-legacy-annotations",
  revision: 1,
  title: "No annotation says what a field says today",
  category: "deprecation",
  severity: "Medium",
  kinds: [...workloadKinds, ...ingressKinds, "Service", "PersistentVolumeClaim"],
  why: "Such annotations are read by fewer and fewer components, and nothing tells when the last one stops. Since Kubernetes 1.27 a seccomp annotation does nothing at all: what looks confined is not.",
  fix: "Set the field and remove the annotation.",
  packs: { strict: {}, deprecation: {} },
  references: ["https://kubernetes.io/docs/reference/labels-annotations-taints/"],
  params: z.strictObject({}),
  messages: {
    legacy: "Annotation {key} is out of use; set {successor}",
  },
  check({ resource, report }) {
    for (const { path, metadata } of metadataOf(resource)) {
      for (const [key, value] of textMapAt(metadata, "annotations")) {
        const successor = successorOf(key);
        if (successor === undefined || repeatsField(key, value, resource.podSpec)) continue;
        report("legacy", {
          path: below(path, "annotations", key),
          data: { key: printable(key), successor },
          value: printable(value),
        });
      }
    }
  },
});

function successorOf(key: string): string | undefined {
  if (key.startsWith(seccompOfContainer)) return "the field securityContext.seccompProfile of the container";
  if (key.startsWith(appArmorOfContainer)) return "the field securityContext.appArmorProfile of the container";
  return successors.get(key);
}

/** The API server copies AppArmor fields into the annotation, for kubelets that read nothing else. */
function repeatsField(key: string, value: string, pod: PodSpecView | undefined): boolean {
  if (!key.startsWith(appArmorOfContainer)) return false;
  const container = pod?.all.find(({ name }) => name === key.slice(appArmorOfContainer.length));
  return container !== undefined && inAnnotation(container.effectiveFields("appArmorProfile")) === value;
}

function inAnnotation(profile: Fields | undefined): string | undefined {
  switch (textAt(profile, "type")) {
    case "RuntimeDefault":
      return "runtime/default";
    case "Unconfined":
      return "unconfined";
    case "Localhost":
      return `localhost/${textAt(profile, "localhostProfile") ?? ""}`;
    default:
      return undefined;
  }
}
