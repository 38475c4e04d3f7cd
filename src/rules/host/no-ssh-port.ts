import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { integerAt, recordsAt, textAt } from "../../engine/views/fields.ts";
import { mergeKeysOf } from "../../engine/views/merge-keys.ts";
import { below, path } from "../../engine/views/path.ts";
import { portsOf } from "../../engine/views/ports.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

export const rule = defineRule({
  id: "no-ssh-port",
  revision: 1,
  title: "Nothing offers SSH",
  category: "host",
  severity: "Medium",
  kinds: [...workloadKinds, "Service"],
  why: "An SSH server in a container is a second way in, past the cluster's accounts and its audit log, with keys that nobody rotates.",
  fix: "Remove the SSH server, and use kubectl exec or kubectl debug, which the API server authorises and records.",
  packs: { strict: {} },
  references: [
    "https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/",
    "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_debug/",
  ],
  params: z.strictObject({
    ports: z.array(z.int().min(1).max(65535)).default([22, 2222]).describe("TCP ports on which SSH servers listen"),
  }),
  messages: {
    container: "Container {container} offers the SSH port {port}",
    service: "The Service offers the SSH port {port}",
    target: "The Service leads to the SSH port {port}",
  },
  check({ resource, params, report }) {
    const isSsh = (port: number | undefined) => port !== undefined && params.ports.includes(port);
    for (const container of resource.podSpec?.all ?? [])
      for (const declared of portsOf(container)) {
        const port = declared.containerPort;
        if (declared.protocol === "TCP" && port !== undefined && isSsh(port))
          report("container", { path: declared.path, data: { container: container.name, port }, value: String(port) });
      }

    if (resource.kindName !== "Service") return;
    for (const fields of recordsAt(resource.object, "spec", "ports")) {
      if ((textAt(fields, "protocol") || "TCP") !== "TCP") continue;
      const keys = mergeKeysOf("ports", fields);
      const at = keys === undefined ? path("spec", "ports") : path("spec", "ports", keys);
      const port = integerAt(fields, "port");
      const target = integerAt(fields, "targetPort");
      if (port !== undefined && isSsh(port)) report("service", { path: at, data: { port }, value: String(port) });
      // One that is equal is what the API server writes where none is given.
      if (target !== undefined && target !== port && isSsh(target))
        report("target", { path: below(at, "targetPort"), data: { port: target }, value: String(target) });
    }
  },
});
