import { z } from "zod";
import { compareReleases, releaseOf } from "../../engine/release.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { textAt } from "../../engine/views/fields.ts";
import { seccompAnnotation, seccompTypeOf } from "../../engine/views/seccomp.ts";
import { securityOptions } from "../../engine/views/security-contexts.ts";

/** The first release with a field for the profile; before, annotations named it. */
const fieldsBegin = { major: 1, minor: 19 };

export const rule = defineRule({
  id: "no-unconfined-seccomp",
  revision: 1,
  title: "No seccomp profile is switched off",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "Unconfined takes away the filter in front of the kernel, also on nodes whose default is to have one. Most ways out of a container begin with a system call that the filter blocks.",
  fix: "Set seccompProfile.type to RuntimeDefault or Localhost, or remove the profile.",
  packs: { recommended: {}, "pss-baseline": {}, "pss-restricted": [{ to: "1.18" }] },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/tutorials/security/seccomp/",
  ],
  params: z.strictObject({
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    profile: "{subject} sets the seccomp profile type {type}, which is neither RuntimeDefault nor Localhost",
    noType: "{subject} sets a seccomp profile without type",
    annotation: "Annotation {key} sets the seccomp profile {profile}, which confines nothing",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined) return;
    if (compareReleases(releaseOf(params.release, context), fieldsBegin) < 0) {
      for (const annotation of [undefined, ...podSpec.all].map((one) => seccompAnnotation(podSpec, one))) {
        if (annotation === undefined || isConfining(seccompTypeOf(annotation.profile))) continue;
        const [key, profile] = [printable(annotation.key), printable(annotation.profile || "without name")];
        report("annotation", { path: annotation.path, data: { key, profile }, value: profile });
      }
      return;
    }
    for (const setting of securityOptions(podSpec, "seccompProfile")) {
      const type = textAt(setting.fields, "type") ?? "";
      if (isConfining(type)) continue;
      const data = { subject: setting.subject, type: printable(type) };
      report(type === "" ? "noType" : "profile", { path: setting.path, data, value: data.type || "none" });
    }
  },
});

function isConfining(type: string | undefined): boolean {
  return type === "RuntimeDefault" || type === "Localhost";
}
