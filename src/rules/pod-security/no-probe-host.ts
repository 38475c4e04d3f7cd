import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, textAt, valueBelow } from "../../engine/views/fields.ts";

/** Where a container tells the kubelet to connect to. */
const callers = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
] as const;

export const rule = defineRule({
  id: "no-probe-host",
  revision: 1,
  title: "Probes and hooks call their own Pod",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "The kubelet calls the address from the node's network, past every network policy. With a host of its choice a Pod makes it knock on any door there, the cloud's metadata service among them.",
  fix: "Remove host from the probe or hook: without it the kubelet calls the Pod's own address.",
  packs: { recommended: {}, strict: {}, "pss-baseline": [{ from: "1.34" }], "pss-restricted": [{ from: "1.34" }] },
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://github.com/kubernetes/kubernetes/issues/99425",
  ],
  params: z.strictObject({}),
  messages: {
    host: "Container {container} makes the kubelet call {host} in {field}",
  },
  check({ resource: { podSpec }, report }) {
    for (const container of podSpec?.all ?? [])
      for (const caller of callers) {
        const fields = fieldsAt(valueBelow(container.fields, caller));
        if (fields === undefined) continue;
        for (const handler of ["httpGet", "tcpSocket"]) {
          const written = textAt(fields, handler, "host");
          if (!written) continue;
          const host = printable(written);
          report("host", {
            path: container.at(...caller, handler, "host"),
            data: { container: container.name, host, field: caller.join(".") },
            value: host,
          });
        }
      }
  },
});
