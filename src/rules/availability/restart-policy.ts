import { z } from "zod";
import { pointerTo } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import { runsForever, workloadKinds } from "../../engine/views/workload-kinds.ts";

const finite: ReadonlySet<string> = new Set(["OnFailure", "Never"]);

export const rule = defineRule({
  id: "restart-policy",
  revision: 1,
  title: "The restart policy fits the kind",
  category: "availability",
  severity: "High",
  kinds: workloadKinds.filter((kind) => kind !== "Pod" && kind !== "PodTemplate"),
  why: "The API server refuses a Deployment whose Pods may end, and a Job whose Pods may not. The rollout fails, in the worst case halfway through a release.",
  fix: "Remove restartPolicy where Pods run for ever, since Always is the default. In a Job or CronJob set it to OnFailure or Never.",
  packs: { strict: {}, reliability: {}, "datree-default": {}, "datree-starter": {} },
  aliases: [{ id: "WORKLOAD_INCORRECT_RESTARTPOLICY_VALUE_ALWAYS" }],
  references: [
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy",
    "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template",
  ],
  params: z.strictObject({}),
  messages: {
    mayEnd: "restartPolicy is {actual}; a {kind} takes only Always",
    neverEnds: "restartPolicy is {actual}; a {kind} takes only OnFailure or Never",
  },
  check({ resource: { podSpec, kindName, id }, report }) {
    if (podSpec === undefined) return;
    const actual = podSpec.restartPolicy;
    if (runsForever(kindName) ? actual === "Always" : finite.has(actual)) return;
    report(runsForever(kindName) ? "mayEnd" : "neverEnds", {
      path: path("restartPolicy"),
      data: { actual: printable(actual), kind: id.kind },
      value: actual,
    });
  },
  autofix({ resource: { podSpec, kindName } }) {
    // Whether a Job is to be tried again is for its owner to say.
    if (podSpec === undefined || !runsForever(kindName)) return [];
    return [{ op: "remove", path: pointerTo(podSpec.pointer, "restartPolicy") }];
  },
});
