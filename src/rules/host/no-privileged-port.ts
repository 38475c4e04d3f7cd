import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { portsOf } from "../../engine/views/ports.ts";

/** Below it only root may listen, unless the kernel is told otherwise. */
const firstFreePort = 1024;

export const rule = defineRule({
  id: "no-privileged-port",
  revision: 1,
  title: "Containers listen on ports from 1024",
  category: "host",
  severity: "Low",
  kinds: "workloads",
  why: "To listen below 1024 a program needs root or a capability of its own. Behind a Service the number makes no difference to anybody.",
  fix: "Let the program listen on a port from 1024, and keep the old number in the Service.",
  packs: {},
  references: [
    "https://www.w3.org/Daemon/User/Installation/PrivilegedPorts.html",
    "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
  ],
  params: z.strictObject({}),
  messages: {
    port: "Container {container} listens on port {port}, which takes a privilege",
  },
  check({ resource: { podSpec }, report }) {
    for (const container of podSpec?.all ?? [])
      for (const declared of portsOf(container)) {
        const port = declared.containerPort ?? 0;
        if (port > 0 && port < firstFreePort)
          report("port", { path: declared.path, data: { container: container.name, port }, value: String(port) });
      }
  },
});
