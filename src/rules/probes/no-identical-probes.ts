import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { effectiveHandler, patience } from "../../engine/views/probe.ts";

export const rule = defineRule({
  id: "no-identical-probes",
  revision: 1,
  title: "Liveness gives up later than readiness",
  category: "probes",
  severity: "Low",
  kinds: "longRunning",
  why: "When both probes ask the same and give up at the same time, a Pod that is overloaded for a moment is restarted in place of being spared traffic. Its load falls on the others, which fail next.",
  fix: "Ask something simpler for liveness, or raise its periodSeconds × failureThreshold above that of the readiness probe.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
  ],
  params: z.strictObject({}),
  messages: {
    identical:
      "Liveness and readiness of container {container} ask the same; liveness gives up after {liveness} s, readiness after {readiness} s",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? []) {
      const liveness = container.probe("livenessProbe");
      const readiness = container.probe("readinessProbe");
      if (liveness === undefined || readiness === undefined) continue;
      if (patience(liveness) > patience(readiness)) continue;
      if (effectiveHandler(liveness, container) !== effectiveHandler(readiness, container)) continue;
      report("identical", {
        path: container.at("livenessProbe"),
        data: { container: container.name, liveness: patience(liveness), readiness: patience(readiness) },
      });
    }
  },
});
