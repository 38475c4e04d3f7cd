import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { effectiveIds } from "../../engine/views/effective-ids.ts";

export const rule = defineRule({
  id: "high-user-id",
  revision: 1,
  title: "Containers run as users that no node has",
  category: "pod-security",
  severity: "Low",
  kinds: "workloads",
  why: "Users of containers and of the node share their numbers. Whoever breaks out of a container as user 1000 is user 1000 there, and may own somebody's files.",
  fix: "Set runAsUser to a number of at least the given minimum for the pod, one that the image can run as.",
  packs: { nsa: {}, "datree-starter": {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_RUNASUSER_VALUE_LOWUID" }],
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  ],
  params: z.strictObject({
    min: z.int().min(0).default(10000).describe("The lowest user that is allowed"),
    required: z.boolean().default(false).describe("A container for which none is set violates the rule too"),
  }),
  messages: {
    low: "{subject} sets runAsUser to {id}, less than {min}",
    missing: "{subject} has no runAsUser: the image decides",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const one of effectiveIds(podSpec, "runAsUser")) {
      if (one.id === undefined) {
        if (params.required) report("missing", { path: one.path, data: { subject: one.subject }, value: "none" });
      } else if (one.id < params.min) {
        const data = { subject: one.subject, id: one.id, min: params.min };
        report("low", { path: one.path, data, value: String(one.id) });
      }
    }
  },
});
