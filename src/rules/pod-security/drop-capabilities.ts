import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { textsAt } from "../../engine/views/fields.ts";
import { isExemptOnWindows } from "../../engine/views/pod-exemptions.ts";

export const rule = defineRule({
  id: "drop-capabilities",
  revision: 1,
  title: "Containers drop capabilities that they do not need",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "A container starts with about a dozen capabilities, pieces of root that most programs never use: NET_RAW alone is enough to forge packets on the node's network.",
  fix: "Set securityContext.capabilities.drop to [ALL] for every container, and add back the few that it needs.",
  packs: { strict: {}, "pss-restricted": [{ from: "1.22" }], cis: {} },
  aliases: [{ id: "CIS_MISSING_VALUE_DROP_NET_RAW", params: { capabilities: ["NET_RAW"] } }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    "https://man7.org/linux/man-pages/man7/capabilities.7.html",
  ],
  params: z.strictObject({
    capabilities: z
      .array(z.string().min(1))
      .min(1)
      .default(["ALL"])
      .describe("Capabilities to drop, by exact name; dropping ALL drops each of them"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    missing: "Container {container} does not drop {capabilities}",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined || isExemptOnWindows(podSpec, { params, context })) return;
    for (const container of podSpec.all) {
      const dropped = textsAt(container.securityContext, "capabilities", "drop");
      if (dropped.includes("ALL")) continue;
      const missing = params.capabilities.filter((capability) => !dropped.includes(capability));
      if (missing.length === 0) continue;
      const capabilities = missing.join(", ");
      report("missing", {
        path: container.at("securityContext", "capabilities", "drop"),
        data: { container: container.name, capabilities },
        value: dropped.join(", ") || "none",
      });
    }
  },
});
