import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { effectiveIds } from "../../engine/views/effective-ids.ts";
import { integerAt, listAt } from "../../engine/views/fields.ts";
import { below, path } from "../../engine/views/path.ts";
import { securityContexts } from "../../engine/views/security-contexts.ts";

export const rule = defineRule({
  id: "no-root-group",
  revision: 1,
  title: "No security context asks for group 0",
  category: "pod-security",
  severity: "Low",
  kinds: "workloads",
  why: "Files of root mostly belong to group 0 as well. A process in that group reads them, and where they are group-writable changes them, on mounted paths of the node too.",
  fix: "Set runAsGroup and fsGroup to numbers above 0, and leave 0 out of supplementalGroups.",
  packs: { strict: {} },
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  ],
  params: z.strictObject({
    required: z.boolean().default(false).describe("A container for which no runAsGroup is set violates the rule too"),
  }),
  messages: {
    root: "{subject} sets {field} to 0, the group of root",
    supplemental: "The pod adds the group 0, which is root's, to supplementalGroups",
    missing: "{subject} has no runAsGroup: the image decides, and mostly says 0",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const one of securityContexts(podSpec))
      if (integerAt(one.fields, "runAsGroup") === 0) {
        const data = { subject: one.subject, field: "runAsGroup" };
        report("root", { path: below(one.path, "runAsGroup"), data, value: "0" });
      }
    if (integerAt(podSpec.securityContext, "fsGroup") === 0)
      report("root", {
        path: path("securityContext", "fsGroup"),
        data: { subject: "The pod", field: "fsGroup" },
        value: "0",
      });
    if (listAt(podSpec.securityContext, "supplementalGroups").includes(0))
      report("supplemental", { path: path("securityContext", "supplementalGroups"), data: {}, value: "0" });
    if (!params.required) return;
    for (const one of effectiveIds(podSpec, "runAsGroup"))
      if (one.id === undefined) report("missing", { path: one.path, data: { subject: one.subject }, value: "none" });
  },
});
