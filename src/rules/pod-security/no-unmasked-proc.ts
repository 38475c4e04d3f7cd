import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import { textAt } from "../../engine/views/fields.ts";
import { isExemptInUserNamespace } from "../../engine/views/pod-exemptions.ts";

export const rule = defineRule({
  id: "no-unmasked-proc",
  revision: 1,
  title: "No container sees an unmasked /proc",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "The runtime hides parts of /proc that show or change the node itself, such as its memory and its keys. An unmasked /proc lays them open to the container.",
  fix: "Remove securityContext.procMount, or set it to Default; where nested containers need it, set hostUsers to false.",
  packs: {
    recommended: {},
    strict: { userNamespaces: false },
    "pss-baseline": {},
    "pss-restricted": { userNamespaces: false },
  },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access",
  ],
  params: z.strictObject({
    userNamespaces: z
      .boolean()
      .default(true)
      .describe("From 1.35 on let Pods with a user namespace of their own (hostUsers: false) do it"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    unmasked: "Container {container} sets procMount to {procMount} instead of Default",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined) return;
    if (params.userNamespaces && isExemptInUserNamespace(podSpec, { params, context })) return;
    for (const container of podSpec.all) {
      const written = textAt(container.securityContext, "procMount");
      if (written === undefined || written === "Default") continue;
      const procMount = printable(written || '""');
      report("unmasked", {
        path: container.at("securityContext", "procMount"),
        data: { container: container.name, procMount },
        value: procMount,
      });
    }
  },
});
