import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isCronSchedule } from "../../engine/values/cron-schedule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "cronjob-schedule",
  revision: 1,
  title: "Schedules of CronJobs are valid",
  category: "jobs",
  severity: "High",
  kinds: ["CronJob.batch"],
  why: "The API server refuses a CronJob whose schedule it cannot read. One that was stored by an older release never runs again, and nothing but the missing result says so.",
  fix: "Write five fields (minute, hour, day of month, month, day of week) or a descriptor such as @hourly. Put a time zone into spec.timeZone.",
  packs: { recommended: {}, strict: {}, reliability: {}, "datree-default": {}, "datree-starter": {} },
  aliases: [{ id: "CRONJOB_INVALID_SCHEDULE_VALUE" }],
  references: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax",
    "https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format",
  ],
  params: z.strictObject({}),
  messages: {
    notSet: "schedule is not set",
    timeZone: "schedule is {schedule}: a time zone belongs into spec.timeZone",
    invalid: "schedule is {schedule}, which is no valid schedule",
  },
  check({ resource, report }) {
    const schedule = textAt(resource.object, "spec", "schedule");
    const at = path("spec", "schedule");
    if (!schedule) report("notSet", { path: at, data: {}, value: "none" });
    else if (!isCronSchedule(schedule))
      report(schedule.includes("TZ") ? "timeZone" : "invalid", {
        path: at,
        data: { schedule: printable(schedule) },
        value: schedule,
      });
  },
});
