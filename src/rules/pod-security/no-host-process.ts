import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { securityOptions } from "../../engine/views/security-contexts.ts";

export const rule = defineRule({
  id: "no-host-process",
  revision: 1,
  title: "No Windows container is a host process",
  category: "pod-security",
  severity: "Critical",
  kinds: "workloads",
  why: "A host process container is a process of the Windows node itself, with its files, network and registry. Whoever gets into it owns the node.",
  fix: "Remove windowsOptions.hostProcess; leave such work to the node's own services.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {}, cis: {}, eks: {} },
  aliases: [{ id: "EKS_INVALID_HOSTPROCESS_VALUE" }],
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
  ],
  params: z.strictObject({}),
  messages: {
    hostProcess: "{subject} runs as a process of the Windows node",
  },
  check({ resource: { podSpec }, report }) {
    if (podSpec === undefined) return;
    for (const one of securityOptions(podSpec, "windowsOptions"))
      if (flagAt(one.fields, "hostProcess") === true)
        report("hostProcess", { path: below(one.path, "hostProcess"), data: { subject: one.subject }, value: "true" });
  },
});
