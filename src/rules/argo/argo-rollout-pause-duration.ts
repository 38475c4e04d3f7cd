import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { fieldsAt, integerAt, recordsAt, textAt, valueAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "argo-rollout-pause-duration",
  revision: 1,
  title: "Pauses of a Rollout end by themselves",
  category: "argo",
  severity: "Low",
  kinds: ["Rollout.argoproj.io"],
  why: "A pause without duration waits until somebody promotes the Rollout by hand. Nobody does at night, and two versions run side by side until then.",
  fix: "Give the pause a duration, such as 10m.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_ROLLOUT_MISSING_PAUSE_DURATION" }],
  references: ["https://argo-rollouts.readthedocs.io/en/stable/features/canary/#pause-duration"],
  params: z.strictObject({}),
  messages: {
    endless: "Step {step} of the canary pauses until somebody promotes it",
  },
  check({ resource, report }) {
    for (const [index, step] of recordsAt(valueAt(resource.object, "spec", "strategy"), "canary", "steps").entries()) {
      const pause = fieldsAt(step, "pause");
      if (pause === undefined || textAt(pause, "duration") || integerAt(pause, "duration") !== undefined) continue;
      const number = index + 1;
      report("endless", {
        path: path("spec", "strategy", "canary", "steps"),
        class: String(number),
        data: { step: number },
        value: "no duration",
      });
    }
  },
});
