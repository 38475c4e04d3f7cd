import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import type { ContainerView } from "../../engine/views/container.ts";
import { type Fields, fieldsAt, integerAt, listAt, textAt, valueAt } from "../../engine/views/fields.ts";
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
          const messageId = missingPort(container, handler, fields, params.declared);
          if (messageId === undefined) continue;
          const port = printable(String(valueAt(fields, "port")));
          const path = container.at(probe, handler, "port");
          report(messageId, { path, data: { probe, container: container.name, port }, value: port });
        }
      }
  },
});

/** What is wrong with the port that a handler asks; undefined where nothing is. */
function missingPort({ fields }: ContainerView, handler: string, asking: Fields, numbersToo: boolean) {
  const name = handler === "grpc" ? undefined : textAt(asking, "port");
  if (name) return hasPort(fields, "name", name) ? undefined : "unknownName";
  const number = numbersToo ? integerAt(asking, "port") : undefined;
  return number === undefined || hasPort(fields, "containerPort", number) ? undefined : "notDeclared";
}

function hasPort(container: Fields, field: "name" | "containerPort", wanted: string | number): boolean {
  for (const port of listAt(container, "ports")) if (valueAt(port, field) === wanted) return true;
  return false;
}
