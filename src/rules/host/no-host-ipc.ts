import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-host-ipc",
  revision: 1,
  title: "Pods have shared memory of their own",
  category: "host",
  severity: "High",
  kinds: "workloads",
  why: "A Pod in the node's IPC namespace reads and changes the shared memory of every process that uses it: databases, monitoring agents, other Pods of that kind.",
  fix: "Remove hostIPC; containers of one Pod share memory without it.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {}, nsa: {}, cis: {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_HOSTIPC_VALUE_TRUE" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/concepts/security/security-checklist/",
  ],
  params: z.strictObject({}),
  messages: {
    shared: "The pod shares the memory of its node: hostIPC is true",
  },
  check({ resource: { podSpec }, report }) {
    if (flagAt(podSpec?.fields, "hostIPC") === true)
      report("shared", { path: path("hostIPC"), data: {}, value: "true" });
  },
});
