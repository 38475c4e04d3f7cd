import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

const field = "terminationGracePeriodSeconds";

export const rule = defineRule({
  id: "termination-grace-period",
  revision: 1,
  title: "Pods get time to stop",
  category: "probes",
  severity: "Medium",
  kinds: "longRunning",
  why: "A grace period of 0 kills the processes at once and removes the Pod before the node has confirmed that it is gone. Open requests and unwritten data are lost, and a StatefulSet may run two Pods of one identity.",
  fix: "Set terminationGracePeriodSeconds to what the slowest container needs to stop, or leave it out for 30 seconds.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    "https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/",
  ],
  params: z.strictObject({
    min: z.int().min(0).default(1).describe("Fewest seconds that are fine"),
  }),
  messages: {
    tooShort: "terminationGracePeriodSeconds is {actual}, less than {min}",
    notSet: "terminationGracePeriodSeconds is not set, which means {actual}, less than {min}",
  },
  check({ resource: { podSpec }, params: { min }, report }) {
    if (podSpec === undefined) return;
    const written = integerAt(podSpec.fields, field);
    const actual = written ?? 30;
    if (actual >= min) return;
    report(written === undefined ? "notSet" : "tooShort", {
      path: path(field),
      data: { actual, min },
      value: String(actual),
    });
  },
});
