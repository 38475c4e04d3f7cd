import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "cronjob-starting-deadline",
  revision: 1,
  title: "CronJobs have a deadline to start",
  category: "jobs",
  severity: "Medium",
  kinds: ["CronJob.batch"],
  why: "Without a deadline the controller counts every run missed since the last one. After more than a hundred, for instance after a long outage, it gives up and never starts the CronJob again. It looks every ten seconds, so a shorter deadline may skip runs at will.",
  fix: "Set spec.startingDeadlineSeconds to how late a run may begin and still be of use, at least 10.",
  packs: { strict: {}, reliability: {}, "datree-default": { min: 0 } },
  aliases: [{ id: "CRONJOB_MISSING_STARTINGDEADLINESECOND_KEY", params: { min: 0 } }],
  references: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline",
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#cron-job-limitations",
  ],
  params: z.strictObject({
    min: z.int().min(0).default(10).describe("Fewest seconds that are fine"),
  }),
  messages: {
    notSet: "startingDeadlineSeconds is not set",
    tooShort: "startingDeadlineSeconds is {actual}, less than {min}",
  },
  check({ resource, params: { min }, report }) {
    const actual = integerAt(resource.object, "spec", "startingDeadlineSeconds");
    const at = path("spec", "startingDeadlineSeconds");
    if (actual === undefined) report("notSet", { path: at, data: {}, value: "none" });
    else if (actual < min) report("tooShort", { path: at, data: { actual, min }, value: String(actual) });
  },
});
