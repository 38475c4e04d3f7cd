import { z } from "zod";
import { controllerOf } from "../../engine/folding.ts";
import { defineRule } from "../../engine/rule.ts";
import { integerAt, valueBelow } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

const field = "activeDeadlineSeconds";

export const rule = defineRule({
  id: "job-active-deadline",
  revision: 1,
  title: "Jobs end after a deadline",
  category: "jobs",
  severity: "Medium",
  kinds: ["Job.batch", "CronJob.batch"],
  why: "A Job that hangs runs for ever and keeps what it reserved. Under concurrencyPolicy Forbid it also keeps its CronJob from ever starting again.",
  fix: "Set activeDeadlineSeconds on the Job spec to several times what a run takes.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy",
  ],
  params: z.strictObject({}),
  messages: {
    notSet: "Neither the Job nor its pod has activeDeadlineSeconds above 0: a run that hangs never ends",
  },
  check({ resource: { object, podSpec, kindName }, report }) {
    if (controllerOf(object) !== undefined && kindName === "Job.batch") return;
    const steps = kindName === "CronJob.batch" ? ["spec", "jobTemplate", "spec"] : ["spec"];
    const deadlines = [integerAt(valueBelow(object, steps), field), integerAt(podSpec?.fields, field)];
    if (deadlines.some((deadline) => deadline !== undefined && deadline > 0)) return;
    report("notSet", { path: path(...steps, field), data: {}, value: "none" });
  },
});
