import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { flagAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-host-pid",
  revision: 1,
  title: "Pods have processes of their own",
  category: "host",
  severity: "High",
  kinds: "workloads",
  why: "A Pod that sees the node's processes reads their environment, which holds credentials, and can stop or take over those of its user.",
  fix: "Remove hostPID; to see other containers of the same Pod, shareProcessNamespace is enough.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, "pss-restricted": {}, nsa: {}, cis: {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_HOSTPID_VALUE_TRUE" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
  ],
  params: z.strictObject({}),
  messages: {
    shared: "The pod shares the processes of its node: hostPID is true",
  },
  check({ resource: { podSpec }, report }) {
    if (flagAt(podSpec?.fields, "hostPID") === true)
      report("shared", { path: path("hostPID"), data: {}, value: "true" });
  },
});
