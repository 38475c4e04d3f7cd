import { z } from "zod";
import { parseSchedule } from "./schedule.ts";

/**
 * What the API server can tell of a schedule and a time zone is their shape alone.
 * Whether they mean anything is asked by `checkSchedule` when the spec is parsed.
 */
const scheduleShape = {
  rule: "self.matches(r'^\\s*(@[a-z]+|[-0-9A-Za-z,*?/]+(\\s+[-0-9A-Za-z,*?/]+){4})\\s*$') && !self.startsWith('@every')",
  message:
    "is not a schedule: write five cron fields (minute, hour, day of month, month, day of week) such as '0 * * * *', or @hourly, @daily, @weekly, @monthly, @yearly",
};
const timeZoneShape = {
  rule: "self != 'Local' && self.matches(r'^[A-Za-z][-A-Za-z0-9_+]*([/][-A-Za-z0-9_+]+)*$')",
  message: "is not a time zone: write its IANA name, such as Europe/Berlin or Etc/UTC",
};

/** A schedule in cron's five fields or an `@` form. */
export const ScheduleText = z
  .string()
  .min(1)
  .max(128)
  .meta({ "x-kubernetes-validations": [scheduleShape] });

/** An IANA time zone. */
export const TimeZoneText = z
  .string()
  .min(1)
  .max(64)
  .meta({ "x-kubernetes-validations": [timeZoneShape] });

/** Refines an object that holds a schedule and its time zone: both must mean something. */
export function checkSchedule(
  { schedule, timeZone }: { readonly schedule: string; readonly timeZone: string },
  context: z.core.$RefinementCtx,
): void {
  const parsed = parseSchedule(schedule, timeZone);
  if (parsed.ok) return;
  const field = parsed.problem.in === "timeZone" ? "timeZone" : "schedule";
  context.addIssue({ code: "custom", path: [field], message: parsed.problem.message });
}
