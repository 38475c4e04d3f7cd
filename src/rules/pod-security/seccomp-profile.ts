import { z } from "zod";
import { releaseOf } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { isExemptOnWindows } from "../../engine/views/pod-exemptions.ts";
import { type SeccompSetting, seccompSetting } from "../../engine/views/seccomp.ts";

export const rule = defineRule({
  id: "seccomp-profile",
  revision: 1,
  title: "Containers run under a seccomp profile",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "Without a seccomp profile a container may make every system call of the kernel, and each flaw in a rarely used one is a way to the node. The runtime's own profile blocks dozens that programs hardly need.",
  fix: "Set securityContext.seccompProfile.type to RuntimeDefault for the pod.",
  packs: {
    strict: {},
    "pss-restricted": [{ from: "1.19" }],
    cis: { allowed: ["RuntimeDefault"] },
    eks: {},
  },
  aliases: [
    { id: "CONTAINERS_INCORRECT_SECCOMP_PROFILE" },
    { id: "CIS_INVALID_VALUE_SECCOMP_PROFILE", params: { allowed: ["RuntimeDefault"], release: "1.26" } },
  ],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    "https://kubernetes.io/docs/tutorials/security/seccomp/",
  ],
  params: z.strictObject({
    allowed: z
      .array(z.enum(["RuntimeDefault", "Localhost", "Unconfined"]))
      .min(1)
      .default(["RuntimeDefault", "Localhost"])
      .describe("Types of profiles that containers may run under"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    pod: "The pod sets the seccomp profile {profile}; allowed: {allowed}",
    container: "Container {container} sets the seccomp profile {profile}; allowed: {allowed}",
    missing: "Container {container} has no seccomp profile, neither its own nor the pod's",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined || isExemptOnWindows(podSpec, { params, context })) return;
    const release = releaseOf(params.release, context);
    const isAllowed = (type: string) => params.allowed.some((one) => one === type);
    const ofPod = seccompSetting(podSpec, release);
    if (ofPod !== undefined && !isAllowed(ofPod.type)) {
      const data = { profile: shown(ofPod), allowed: params.allowed.join(", ") };
      report("pod", { path: ofPod.path, data, value: data.profile });
    }
    for (const container of podSpec.all) {
      const own = seccompSetting(podSpec, release, container);
      if (own === undefined && ofPod === undefined) {
        const path = container.at("securityContext", "seccompProfile");
        report("missing", { path, data: { container: container.name }, value: "none" });
      } else if (own !== undefined && !isAllowed(own.type)) {
        const data = { container: container.name, profile: shown(own), allowed: params.allowed.join(", ") };
        report("container", { path: own.path, data, value: data.profile });
      }
    }
  },
});

function shown({ type }: SeccompSetting): string {
  return printable(type || "without type");
}
