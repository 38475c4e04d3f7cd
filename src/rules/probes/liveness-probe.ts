import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { absentProbes } from "../../engine/views/probe.ts";

export const rule = defineRule({
  id: "liveness-probe",
  revision: 1,
  title: "Containers have a liveness probe",
  category: "probes",
  severity: "Medium",
  kinds: "longRunning",
  why: "A process that hangs without exiting looks healthy to the kubelet. Without a liveness probe it is never restarted, and stays in the way until somebody notices.",
  fix: "Add a livenessProbe with an exec, httpGet, tcpSocket or grpc handler that fails only when a restart would help.",
  packs: {
    recommended: {},
    strict: {},
    reliability: {},
    "datree-default": {},
    "datree-starter": {},
  },
  aliases: [{ id: "CONTAINERS_MISSING_LIVENESSPROBE_KEY" }],
  references: [
    "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "Container {container} has no liveness probe",
    noHandler: "Liveness probe of container {container} has no handler, so it checks nothing",
  },
  check({ resource, report }) {
    for (const { container, messageId } of absentProbes(resource.podSpec, "livenessProbe"))
      report(messageId, { path: container.at("livenessProbe"), data: { container: container.name }, value: "none" });
  },
});
