import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { isExemptOnWindows } from "../../engine/views/pod-exemptions.ts";

export const rule = defineRule({
  id: "no-privilege-escalation",
  revision: 1,
  title: "Containers cannot gain privileges",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "Unless it is forbidden, a process may gain more rights than its parent: a setuid program in the image, such as su or an old mount, makes an ordinary user root again.",
  fix: "Set securityContext.allowPrivilegeEscalation to false for every container.",
  packs: { strict: {}, "pss-restricted": [{ from: "1.8" }], nsa: {}, cis: {}, eks: {}, "datree-starter": {} },
  aliases: [{ id: "CONTAINERS_MISSING_KEY_ALLOWPRIVILEGEESCALATION" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  ],
  params: z.strictObject({
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    missing: "Container {container} may gain privileges: allowPrivilegeEscalation is not set, which allows it",
    allowed: "Container {container} may gain privileges: allowPrivilegeEscalation is true",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined || isExemptOnWindows(podSpec, { params, context })) return;
    for (const container of podSpec.all) {
      const flag = flagAt(container.securityContext, "allowPrivilegeEscalation");
      if (flag === false) continue;
      report(flag === undefined ? "missing" : "allowed", {
        path: container.at("securityContext", "allowPrivilegeEscalation"),
        data: { container: container.name },
        value: flag === undefined ? "none" : "true",
      });
    }
  },
});
