import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { fieldsAt, integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "argo-rollout-scale-down-delay",
  revision: 1,
  title: "Blue-green Rollouts keep the old version for a while",
  category: "argo",
  severity: "Medium",
  kinds: ["Rollout.argoproj.io"],
  why: "Nodes learn one after another that the Service points to the new version. Requests that go to the old one in the meantime fail if its Pods are already gone.",
  fix: "Remove scaleDownDelaySeconds, which means 30, or set it to at least the minimum.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_ROLLOUT_INCORRECT_SCALE_DOWN_DELAY_VALUE_BELOW_30" }],
  references: ["https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/#scaledowndelayseconds"],
  params: z.strictObject({
    min: z.int().min(0).default(30).describe("Fewest seconds that are fine"),
  }),
  messages: {
    tooShort: "The old version is scaled down after {actual} seconds, fewer than {min}",
  },
  check({ resource, params, report }) {
    const blueGreen = fieldsAt(resource.object, "spec", "strategy", "blueGreen");
    const seconds = integerAt(blueGreen, "scaleDownDelaySeconds") ?? 30;
    if (blueGreen === undefined || seconds >= params.min) return;
    report("tooShort", {
      path: path("spec", "strategy", "blueGreen", "scaleDownDelaySeconds"),
      data: { actual: seconds, min: params.min },
      value: String(seconds),
    });
  },
});
