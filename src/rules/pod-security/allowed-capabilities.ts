import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textsAt } from "../../engine/views/fields.ts";

/** What the Pod Security Standard lets the level baseline add: the usual default set of container runtimes. */
const baseline = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

const restricted = { allowed: ["NET_BIND_SERVICE"] };

export const rule = defineRule({
  id: "allowed-capabilities",
  revision: 1,
  title: "Containers add only allowed capabilities",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "Each capability is a piece of root. Several of them, SYS_ADMIN first, are enough to leave the container or to listen in on the node's network.",
  fix: "Remove the capability from securityContext.capabilities.add, or allow it by parameter where it is really needed.",
  packs: {
    recommended: {},
    strict: restricted,
    "pss-baseline": {},
    "pss-restricted": [{ to: "1.21" }, { from: "1.22", params: restricted }],
    cis: {},
    eks: {},
  },
  aliases: [{ id: "EKS_INVALID_CAPABILITIES_EKS" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://man7.org/linux/man-pages/man7/capabilities.7.html",
  ],
  params: z.strictObject({
    allowed: z.array(z.string().min(1)).default(baseline).describe("Capabilities that may be added, by exact name"),
  }),
  messages: {
    added: "Container {container} adds the capability {capability}, which is not allowed",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      for (const added of new Set(textsAt(container.securityContext, "capabilities", "add"))) {
        if (params.allowed.includes(added)) continue;
        const capability = printable(added);
        report("added", {
          path: container.at("securityContext", "capabilities", "add"),
          class: capability,
          data: { container: container.name, capability },
          value: capability,
        });
      }
    }
  },
});
