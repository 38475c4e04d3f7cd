import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { appArmorAnnotations } from "../../engine/views/apparmor.ts";
import type { ContainerView } from "../../engine/views/container.ts";
import { textAt, textsAt } from "../../engine/views/fields.ts";
import type { PodSpecView } from "../../engine/views/pod-spec.ts";

export const rule = defineRule({
  id: "linux-hardening",
  revision: 1,
  title: "Linux confines every container in some way",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "A container without seccomp, AppArmor, SELinux or dropped capabilities has only its namespaces round it: one flaw in the kernel is the way out.",
  fix: "Set seccompProfile.type to RuntimeDefault for the pod, and drop the capabilities that nobody needs.",
  packs: { nsa: {} },
  references: [
    "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
    "https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/",
  ],
  params: z.strictObject({}),
  messages: {
    missing:
      "Container {container} is confined by no seccomp or AppArmor profile, SELinux options or dropped capabilities",
  },
  check({ resource: { podSpec }, report }) {
    if (podSpec === undefined) return;
    for (const container of podSpec.all) {
      if (isConfined(container) || isConfinedByAnnotation(podSpec, container)) continue;
      report("missing", {
        path: container.at("securityContext"),
        data: { container: container.name },
        value: "none",
      });
    }
  },
});

function isConfinedByAnnotation(podSpec: PodSpecView, { name }: ContainerView): boolean {
  return appArmorAnnotations(podSpec).some(({ container, profile }) => container === name && profile !== "unconfined");
}

function isConfined(container: ContainerView): boolean {
  const seccomp = textAt(container.effectiveFields("seccompProfile"), "type");
  if (seccomp === "RuntimeDefault" || seccomp === "Localhost") return true;
  const appArmor = textAt(container.effectiveFields("appArmorProfile"), "type") || "Unconfined";
  if (appArmor !== "Unconfined") return true;
  const seLinux = container.effectiveFields("seLinuxOptions") ?? {};
  if (Object.keys(seLinux).some((field) => textAt(seLinux, field))) return true;
  const capabilities = (list: string) => textsAt(container.securityContext, "capabilities", list);
  // Runtimes take the name in any letter case.
  return capabilities("drop").length > 0 && !capabilities("add").some((name) => name.toUpperCase() === "ALL");
}
