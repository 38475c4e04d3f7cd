import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, integerAt, recordsAt, textAt } from "../../engine/views/fields.ts";
import { probeFields } from "../../engine/views/probe.ts";

const handlers = ["httpGet", "tcpSocket", "grpc"] as const;

export const rule = defineRule({
  id: "probe-port",
  revision: 1,
  title: "Probes ask ports that the container has",
  category: "probes",
  severity: "High",
  kinds: "workloads",
  why: "A probe whose port name is none of the container's ports never succeeds. A liveness probe then restarts the container for ever, a readiness probe keeps every Pod of the rollout out of service.",
  fix: "Name a port of the same container in the probe, or add the port to the container.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port",
  ],
  params: z.strictObject({
    declared: z.boolean().default(false).describe("A port number has to be a containerPort of the container too"),
  }),
  messages: {
    unknownName: "{probe} of container {container} asks port {port}, which is no named port of it",
    notDeclared: "{probe} of container {container} asks port {port}, which is no containerPort of it",
  },
  check({ resource, params, report }) {
    for (const container of resource.podSpec?.all ?? [])
      for (const probe of probeFields) {
        const written = fieldsAt(container.fields, probe);
        // Most containers have one or two, each with one handler.
        if (written === undefined) continue;
        for (const handler of handlers) {
          const fields = fieldsAt(written, handler);
          if (fields === undefined) continue;
          const ports = recordsAt(container.fields, "ports");
          const number = integerAt(fields, "port");
          const name = handler === "grpc" ? undefined : textAt(fields, "port") || undefined;
          const at = (port: string) => ({
            path: container.at(probe, handler, "port"),
            data: { probe, container: container.name, port },
            value: port,
          });
          if (name !== undefined && !ports.some((port) => textAt(port, "name") === name))
            report("unknownName", at(printable(name)));
          if (number === undefined || !params.declared) continue;
          if (!ports.some((port) => integerAt(port, "containerPort") === number))
            report("notDeclared", at(String(number)));
        }
      }
  },
});
