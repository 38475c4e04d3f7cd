import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { isExemptInUserNamespace } from "../../engine/views/pod-exemptions.ts";
import { securityContexts } from "../../engine/views/security-contexts.ts";

export const rule = defineRule({
  id: "no-root-user",
  revision: 1,
  title: "No security context asks for user 0",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "User 0 is root, also on the node as soon as anything else gives way. A 0 for the pod waits for the next container that does not override it.",
  fix: "Remove runAsUser, or set it to a number above 0 that the image can run as.",
  packs: { strict: {}, "pss-restricted": [{ from: "1.23" }] },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    "https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/",
  ],
  params: z.strictObject({
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    root: "{subject} sets runAsUser to 0, which is root",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined || isExemptInUserNamespace(podSpec, { params, context })) return;
    for (const one of securityContexts(podSpec))
      if (integerAt(one.fields, "runAsUser") === 0)
        report("root", { path: below(one.path, "runAsUser"), data: { subject: one.subject }, value: "0" });
  },
});
