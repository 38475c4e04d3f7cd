import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textsAt } from "../../engine/views/fields.ts";

/** Capabilities that lead out of a container, see other processes, or forge traffic; sources: man 7 capabilities, CIS 5.2. */
const dangerous = [
  "ALL",
  "BPF",
  "DAC_READ_SEARCH",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
  "NET_ADMIN",
  "NET_RAW",
  "PERFMON",
  "SETPCAP",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_MODULE",
  "SYS_PTRACE",
  "SYS_RAWIO",
];

export const rule = defineRule({
  id: "no-dangerous-capabilities",
  revision: 1,
  title: "No container adds a dangerous capability",
  category: "pod-security",
  severity: "High",
  kinds: "workloads",
  why: "Some capabilities are as good as root on the node: with SYS_ADMIN a container mounts the node's disks, with SYS_MODULE it loads code into its kernel, with SYS_PTRACE it takes over other processes.",
  fix: "Remove the capability from securityContext.capabilities.add; look for a device, port or sysctl that does instead.",
  packs: { nsa: {}, cis: {} },
  aliases: [{ id: "CONTAINERS_INVALID_CAPABILITIES_VALUE" }],
  references: [
    "https://man7.org/linux/man-pages/man7/capabilities.7.html",
    "https://www.cisecurity.org/benchmark/kubernetes",
  ],
  params: z.strictObject({
    capabilities: z
      .array(z.string().min(1))
      .default(dangerous)
      .describe("Capabilities that may not be added; letter case and a leading CAP_ make no difference"),
  }),
  messages: {
    added: "Container {container} adds the dangerous capability {capability}",
  },
  check({ resource: { podSpec }, params, report }) {
    for (const container of podSpec?.all ?? [])
      for (const name of new Set(textsAt(container.securityContext, "capabilities", "add").map(plainName))) {
        if (!params.capabilities.some((one) => plainName(one) === name)) continue;
        const capability = printable(name);
        report("added", {
          path: container.at("securityContext", "capabilities", "add"),
          class: capability,
          data: { container: container.name, capability },
          value: capability,
        });
      }
  },
});

/** `cap_net_raw` → `NET_RAW`: runtimes take both. */
function plainName(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, "");
}
