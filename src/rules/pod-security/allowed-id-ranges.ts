import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { rangeParam } from "../../engine/values/rule-params.ts";
import { type EffectiveId, effectiveIds } from "../../engine/views/effective-ids.ts";
import { integerAt, listAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import type { PodSpecView } from "../../engine/views/pod-spec.ts";

const fields = ["runAsUser", "runAsGroup", "fsGroup", "supplementalGroups"] as const;

export const rule = defineRule({
  id: "allowed-id-ranges",
  revision: 1,
  title: "Users and groups are in the allowed ranges",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "Where tenants share volumes or nodes, the numbers of users and groups are all that keeps their files apart. One that strays into another's range reads and changes what is there.",
  fix: "Set the field to a number inside one of the ranges that the policy allows.",
  packs: {},
  references: ["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
  params: z.strictObject({
    runAsUser: z.array(rangeParam).optional().describe("Allowed users of containers; any if not given"),
    runAsGroup: z.array(rangeParam).optional().describe("Allowed primary groups of containers; any if not given"),
    fsGroup: z.array(rangeParam).optional().describe("Allowed groups of volumes; any if not given"),
    supplementalGroups: z.array(rangeParam).optional().describe("Allowed further groups; any if not given"),
    required: z.boolean().default(false).describe("Each field for which ranges are given must be set"),
  }),
  messages: {
    outside: "{subject} sets {field} to {id}, which is in none of the allowed ranges",
    missing: "{subject} has no {field}",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const field of fields) {
      const ranges = params[field];
      if (ranges === undefined) continue;
      for (const one of idsOf(podSpec, field)) {
        const { id } = one;
        if (id === undefined) {
          if (params.required)
            report("missing", { path: one.path, data: { subject: one.subject, field }, value: "none" });
        } else if (!ranges.some(({ min, max }) => min <= id && id <= max)) {
          report("outside", { path: one.path, data: { subject: one.subject, field, id }, value: String(id) });
        }
      }
    }
  },
});

function idsOf(
  podSpec: PodSpecView,
  field: (typeof fields)[number],
): readonly Pick<EffectiveId, "subject" | "path" | "id">[] {
  if (field === "runAsUser" || field === "runAsGroup") return effectiveIds(podSpec, field);
  const ofPod = { subject: "The pod", path: path("securityContext", field) };
  if (field === "fsGroup") return [{ ...ofPod, id: integerAt(podSpec.securityContext, field) }];
  const groups = listAt(podSpec.securityContext, field).filter((id) => Number.isSafeInteger(id));
  return groups.length === 0 ? [{ ...ofPod, id: undefined }] : groups.map((id) => ({ ...ofPod, id: Number(id) }));
}
