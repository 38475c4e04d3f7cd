import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { absentProbes } from "../../engine/views/probe.ts";

export const rule = defineRule({
  id: "readiness-probe",
  revision: 1,
  title: "Containers have a readiness probe",
  category: "probes",
  severity: "Medium",
  kinds: "longRunning",
  why: "A container without a readiness probe gets traffic from the moment it starts. Every rollout and every restart then answers some requests with errors, and a broken version replaces the good one to the last Pod.",
  fix: "Add a readinessProbe with an exec, httpGet, tcpSocket or grpc handler that succeeds once the container can serve.",
  packs: {
    recommended: {},
    strict: {},
    reliability: {},
    "datree-default": {},
    "datree-starter": {},
  },
  aliases: [{ id: "CONTAINERS_MISSING_READINESSPROBE_KEY" }],
  references: [
    "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "Container {container} has no readiness probe",
    noHandler: "Readiness probe of container {container} has no handler, so it checks nothing",
  },
  check({ resource, report }) {
    for (const { container, messageId } of absentProbes(resource.podSpec, "readinessProbe"))
      report(messageId, { path: container.at("readinessProbe"), data: { container: container.name }, value: "none" });
  },
});
