import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { appArmorAnnotations } from "../../engine/views/apparmor.ts";
import { textAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import type { PodSpecView } from "../../engine/views/pod-spec.ts";
import { securityOptions } from "../../engine/views/security-contexts.ts";

export const rule = defineRule({
  id: "apparmor-profile",
  revision: 1,
  title: "No AppArmor profile is switched off",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "Nodes with AppArmor confine every container by default: no mounts, no writing to /proc and /sys. Unconfined takes that away, and with it a wall that has stopped real escapes.",
  fix: "Set appArmorProfile.type to RuntimeDefault or Localhost, or remove the profile and its annotation.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {} },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/tutorials/security/apparmor/",
  ],
  params: z.strictObject({
    required: z.boolean().default(false).describe("Every container must have a profile, its own or the pod's"),
  }),
  messages: {
    profile: "{subject} sets the AppArmor profile type {type}, which is neither RuntimeDefault nor Localhost",
    noType: "{subject} sets an AppArmor profile without type",
    annotation:
      "Annotation {key} sets the AppArmor profile {profile}, which is neither runtime/default nor localhost/…",
    missing: "Container {container} has no AppArmor profile",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const setting of securityOptions(podSpec, "appArmorProfile")) {
      const type = textAt(setting.fields, "type") ?? "";
      if (type === "RuntimeDefault" || type === "Localhost") continue;
      const data = { subject: setting.subject, type: printable(type) };
      report(type === "" ? "noType" : "profile", { path: setting.path, data, value: data.type || "none" });
    }
    const annotations = appArmorAnnotations(podSpec);
    for (const annotation of annotations) {
      if (annotation.profile === "runtime/default" || annotation.profile.startsWith("localhost/")) continue;
      // The API server copies the field of a live Pod into the annotation: that is one and the same place.
      if (annotation.profile === "unconfined" && isUnconfined(podSpec, annotation.container)) continue;
      const [key, profile] = [printable(annotation.key), printable(annotation.profile)];
      report("annotation", {
        path: below(podSpec.metadataPath, "annotations"),
        class: key,
        data: { key, profile },
        value: profile,
      });
    }
    if (!params.required) return;
    for (const container of podSpec.all) {
      const isSet = container.effectiveFields("appArmorProfile") !== undefined;
      if (isSet || annotations.some((annotation) => annotation.container === container.name)) continue;
      const path = container.at("securityContext", "appArmorProfile");
      report("missing", { path, data: { container: container.name }, value: "none" });
    }
  },
});

function isUnconfined(podSpec: PodSpecView, name: string): boolean {
  const container = podSpec.all.find((one) => one.name === name);
  return textAt(container?.effectiveFields("appArmorProfile"), "type") === "Unconfined";
}
