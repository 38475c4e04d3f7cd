import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";

export const rule = defineRule({
  id: "no-privileged",
  revision: 1,
  title: "No container is privileged",
  category: "pod-security",
  severity: "Critical",
  kinds: "workloads",
  why: "A privileged container sees all devices of its node and is held back by nothing. Whoever gets into it owns the node and every Pod on it.",
  fix: "Remove securityContext.privileged, and add the single capability or device that is really needed.",
  packs: {
    recommended: {},
    strict: {},
    "pss-baseline": {},
    "pss-restricted": {},
    nsa: {},
    cis: {},
    eks: {},
    "datree-default": {},
  },
  aliases: [{ id: "CONTAINERS_INCORRECT_PRIVILEGED_VALUE_TRUE" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/#privileged-containers",
  ],
  params: z.strictObject({}),
  messages: {
    privileged: "Container {container} is privileged",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      if (flagAt(container.securityContext, "privileged") !== true) continue;
      report("privileged", {
        path: container.at("securityContext", "privileged"),
        data: { container: container.name },
        value: "true",
      });
    }
  },
});
