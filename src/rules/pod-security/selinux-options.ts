import { z } from "zod";
import { compareReleases, type Release, releaseOf } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { textAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { securityOptions } from "../../engine/views/security-contexts.ts";

/** Types that confine a container, as the Pod Security Standard lists them. */
const containerTypes: ReadonlySet<string> = new Set(["container_t", "container_init_t", "container_kvm_t"]);

/** Confines container engines that run in a container; on the list from here on. */
const engineType = { name: "container_engine_t", from: { major: 1, minor: 31 } };

export const rule = defineRule({
  id: "selinux-options",
  revision: 1,
  title: "SELinux options keep containers confined",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "SELinux keeps a container away from the files and processes of its node. Another type, such as spc_t, or an own user or role, turns that off for it.",
  fix: "Remove type, user and role from seLinuxOptions, or use the type container_t; a level of its own is fine.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {}, eks: {} },
  aliases: [
    { id: "EKS_INVALID_SELINUXOPTIONS_TYPE_VALUE", params: { fields: ["type"] } },
    { id: "EKS_INVALID_SELINUXOPTIONS_USER_VALUE", params: { fields: ["user"] } },
    { id: "EKS_INVALID_SELINUXOPTIONS_ROLE_VALUE", params: { fields: ["role"] } },
  ],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container",
  ],
  params: z.strictObject({
    fields: z
      .array(z.enum(["type", "user", "role"]))
      .min(1)
      .default(["type", "user", "role"])
      .describe("Fields to judge"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    type: "{subject} sets the SELinux type {value}, which does not confine a container",
    user: "{subject} sets the SELinux user {value}",
    role: "{subject} sets the SELinux role {value}",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined) return;
    for (const setting of securityOptions(podSpec, "seLinuxOptions"))
      for (const field of params.fields) {
        const written = textAt(setting.fields, field) ?? "";
        if (written === "" || (field === "type" && confines(written, releaseOf(params.release, context)))) continue;
        const value = printable(written);
        report(field, { path: below(setting.path, field), data: { subject: setting.subject, value }, value });
      }
  },
});

function confines(type: string, release: Release): boolean {
  return containerTypes.has(type) || (type === engineType.name && compareReleases(release, engineType.from) >= 0);
}
