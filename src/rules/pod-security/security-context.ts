import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { valueAt } from "../../engine/views/fields.ts";

export const rule = defineRule({
  id: "security-context",
  revision: 1,
  title: "Pods or their containers have a security context",
  category: "pod-security",
  severity: "Low",
  kinds: "workloads",
  why: "Where no security context is written nobody has decided what the program may do, and it gets what the image and the runtime happen to give: mostly root.",
  fix: "Write a securityContext for the pod, with runAsNonRoot and a seccompProfile to begin with.",
  packs: { cis: {} },
  aliases: [{ id: "CIS_MISSING_KEY_SECURITYCONTEXT" }],
  references: [
    "https://www.cisecurity.org/benchmark/kubernetes",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "Container {container} has no security context, and neither has the pod",
  },
  check({ resource: { podSpec }, report }) {
    if (podSpec === undefined) return;
    const ofPod = podSpec.securityContext ?? {};
    // The API server writes an empty one everywhere.
    if (Object.keys(ofPod).some((field) => valueAt(ofPod, field) !== undefined)) return;
    for (const container of podSpec.spec)
      if (container.securityContext === undefined)
        report("missing", {
          path: container.at("securityContext"),
          data: { container: container.name },
          value: "none",
        });
  },
});
