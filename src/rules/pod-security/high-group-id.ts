import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { effectiveIds } from "../../engine/views/effective-ids.ts";

export const rule = defineRule({
  id: "high-group-id",
  revision: 1,
  title: "Containers run as groups that no node has",
  category: "pod-security",
  severity: "Low",
  kinds: "workloads",
  why: "Groups of containers and of the node share their numbers. Whoever breaks out of a container with a low group reads what that group may read there: logs, disks, devices.",
  fix: "Set runAsGroup to a number of at least the given minimum for the pod.",
  packs: { nsa: { min: 1000 } },
  aliases: [{ id: "CONTAINERS_INCORRECT_RUNASGROUP_VALUE_LOWGID", params: { min: 1000 } }],
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  ],
  params: z.strictObject({
    min: z.int().min(0).default(10000).describe("The lowest group that is allowed"),
    required: z.boolean().default(false).describe("A container for which none is set violates the rule too"),
  }),
  messages: {
    low: "{subject} sets runAsGroup to {id}, less than {min}",
    missing: "{subject} has no runAsGroup: the image decides",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const one of effectiveIds(podSpec, "runAsGroup")) {
      if (one.id === undefined) {
        if (params.required) report("missing", { path: one.path, data: { subject: one.subject }, value: "none" });
      } else if (one.id < params.min) {
        const data = { subject: one.subject, id: one.id, min: params.min };
        report("low", { path: one.path, data, value: String(one.id) });
      }
    }
  },
});
