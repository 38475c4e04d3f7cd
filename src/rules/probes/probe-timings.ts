import { z } from "zod";
import { pointerTo, setField } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { timingDefaults, timingFields, unwrittenTimings } from "../../engine/views/probe.ts";

export const rule = defineRule({
  id: "probe-timings",
  revision: 1,
  title: "Probes state their timings",
  category: "probes",
  severity: "Low",
  kinds: "workloads",
  manifestsOnly: true,
  why: "The defaults suit few containers: a probe gets one second to answer, and a slow start has thirty to be over. Timings that nobody wrote down are timings that nobody thought about until the first restart loop.",
  fix: "Write each timing of the probe. The defaults are initialDelaySeconds 0, periodSeconds 10, timeoutSeconds 1, successThreshold 1, failureThreshold 3.",
  packs: {},
  aliases: timingFields.map((field) => ({
    id: `CONTAINERS_INCORRECT_${field.toUpperCase()}_VALUE`,
    params: { fields: [field] },
  })),
  references: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
  ],
  params: z.strictObject({
    fields: z
      .array(z.enum(timingFields))
      .default([...timingFields])
      .describe("Timings that have to be written"),
  }),
  messages: {
    notSet: "{probe} of container {container} does not state {timing}, which means {default}",
    zero: "{probe} of container {container} states {timing} 0, which means {default}",
  },
  check({ resource, params, report }) {
    for (const { container, probe, fields, timing } of unwrittenTimings(resource.podSpec, params.fields))
      report(integerAt(fields, timing) === 0 ? "zero" : "notSet", {
        path: container.at(probe, timing),
        data: { probe, container: container.name, timing, default: timingDefaults[timing] },
      });
  },
  autofix({ resource, params }) {
    return unwrittenTimings(resource.podSpec, params.fields).map(({ container, probe, fields, timing }) =>
      setField(pointerTo(container.pointer, probe), fields, [timing], timingDefaults[timing]),
    );
  },
});
