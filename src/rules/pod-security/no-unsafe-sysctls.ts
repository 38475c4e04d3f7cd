import { z } from "zod";
import { type Release, releaseOf } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

/**
 * Sysctls that a kernel keeps apart for each Pod and that cannot harm its neighbours, with the minor of the release that
 * first called them safe. Source: the check `sysctls` of Kubernetes' Pod Security admission.
 */
const safeSince: ReadonlyMap<string, number> = new Map([
  ["kernel.shm_rmid_forced", 0],
  ["net.ipv4.ip_local_port_range", 0],
  ["net.ipv4.ip_unprivileged_port_start", 0],
  ["net.ipv4.ping_group_range", 0],
  ["net.ipv4.tcp_syncookies", 0],
  ["net.ipv4.ip_local_reserved_ports", 27],
  ["net.ipv4.tcp_fin_timeout", 29],
  ["net.ipv4.tcp_keepalive_intvl", 29],
  ["net.ipv4.tcp_keepalive_probes", 29],
  ["net.ipv4.tcp_keepalive_time", 29],
  ["net.ipv4.tcp_rmem", 32],
  ["net.ipv4.tcp_wmem", 32],
  ["net.ipv4.tcp_notsent_lowat", 37],
  ["net.ipv4.tcp_slow_start_after_idle", 37],
]);

export const rule = defineRule({
  id: "no-unsafe-sysctls",
  revision: 1,
  title: "Pods set only safe sysctls",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "A sysctl that the kernel does not keep apart changes the whole node: one Pod can starve or crash all others. Nodes refuse Pods with such a sysctl unless they were told to take it.",
  fix: "Remove the sysctl, set it on the node where it belongs, or allow it by parameter.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {} },
  references: [
    "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
  ],
  params: z.strictObject({
    allowed: z
      .array(z.string().min(1))
      .optional()
      .describe("Sysctls that Pods may set, by exact name; the safe ones of the release if not given"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    unsafe: "The pod sets the sysctl {sysctl}, which is not allowed",
  },
  check({ resource: { podSpec }, params, context, report }) {
    for (const fields of recordsAt(podSpec?.securityContext, "sysctls")) {
      const name = textAt(fields, "name") ?? "";
      const allowed = params.allowed?.includes(name) ?? isSafe(name, releaseOf(params.release, context));
      if (allowed) continue;
      const sysctl = printable(name || "without name");
      report("unsafe", { path: path("securityContext", "sysctls", { name }), data: { sysctl }, value: sysctl });
    }
  },
});

function isSafe(sysctl: string, { major, minor }: Release): boolean {
  const since = safeSince.get(sysctl);
  return since !== undefined && (major > 1 || minor >= since);
}
