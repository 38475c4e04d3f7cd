/**
 * Schedules as Kubernetes reads them in a CronJob: five fields or an `@` form, in a named time zone.
 *
 * A schedule is due at every minute whose wall clock in that zone matches. Hence, as for a CronJob: a time that the clock
 * skips in spring is not due that day, and a time that it shows twice in autumn is due twice.
 *
 * Where Kubernetes' parser is lenient by accident (`1,,2`, `*-5`, `+5`) or takes what can never be due (30 February),
 * this one refuses. `@every` is refused too: it names no point in time that would outlive a restart.
 */
export interface Schedule {
  readonly expression: string;
  /** Each list ascending and not empty. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** 1 = January. */
  readonly months: readonly number[];
  /** 0 = Sunday. */
  readonly daysOfWeek: readonly number[];
  /** `either` if both day fields are restricted: then one of them suffices. */
  readonly days: "both" | "either";
}

export interface ScheduleProblem {
  readonly in: "expression" | "timeZone";
  /** What is wrong, where, and what to write instead. */
  readonly message: string;
}

export type ParsedSchedule =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problem: ScheduleProblem };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const minuteField: Field = { name: "minute", min: 0, max: 59, names: [] };
const hourField: Field = { name: "hour", min: 0, max: 23, names: [] };
const dayOfMonthField: Field = { name: "day of month", min: 1, max: 31, names: [] };
const monthField: Field = { name: "month", min: 1, max: 12, names: monthNames };
const dayOfWeekField: Field = { name: "day of week", min: 0, max: 6, names: dayNames };

const forms: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Reads a schedule and checks its time zone; never throws. */
export function parseSchedule(expression: string, timeZone: string): ParsedSchedule {
  const zoneProblem = checkTimeZone(timeZone);
  if (zoneProblem !== undefined) return { ok: false, problem: { in: "timeZone", message: zoneProblem } };
  const schedule = parseExpression(expression);
  return typeof schedule === "string"
    ? { ok: false, problem: { in: "expression", message: schedule } }
    : { ok: true, schedule };
}

function checkTimeZone(timeZone: string): string | undefined {
  const advice = "write a name of the time zone database such as Europe/Berlin or Etc/UTC";
  if (timeZone === "") return `the time zone is empty; ${advice}`;
  if (/^[+-]/.test(timeZone)) return `${quote(timeZone)} is an offset, not the name of a time zone; ${advice}`;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return `there is no time zone ${quote(timeZone)}; ${advice}`;
    throw error;
  }
}

/** The schedule, or what is wrong with it. */
function parseExpression(expression: string): Schedule | string {
  if (expression.includes("TZ")) return "TZ= is not part of a schedule; set the time zone in its own field";
  const text = expression.trim();
  if (text === "") return "the schedule is empty; write five fields such as 0 7 * * 1";
  const fields = expandForm(text);
  if (typeof fields === "string") return fields;
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  if (fields.length !== 5) {
    const seconds = fields.length === 6 ? "; seconds are not supported" : "";
    return `needs 5 fields (minute, hour, day of month, month, day of week), has ${fields.length}${seconds}`;
  }

  const minutes = parseField(minute, minuteField);
  if (typeof minutes === "string") return minutes;
  const hours = parseField(hour, hourField);
  if (typeof hours === "string") return hours;
  const daysOfMonth = parseField(dayOfMonth, dayOfMonthField);
  if (typeof daysOfMonth === "string") return daysOfMonth;
  const months = parseField(month, monthField);
  if (typeof months === "string") return months;
  const daysOfWeek = parseField(dayOfWeek, dayOfWeekField);
  if (typeof daysOfWeek === "string") return daysOfWeek;

  const days = daysOfMonth.open || daysOfWeek.open ? "both" : "either";
  if (days === "both" && !months.values.some((m) => daysOfMonth.values.some((d) => d <= (longestMonth[m - 1] ?? 0))))
    return `never due: no month of ${quote(month)} has a day of month ${quote(dayOfMonth)}`;
  return {
    expression: text,
    minutes: minutes.values,
    hours: hours.values,
    daysOfMonth: daysOfMonth.values,
    months: months.values,
    daysOfWeek: daysOfWeek.values,
    days,
  };
}

function expandForm(text: string): readonly string[] | string {
  if (!text.startsWith("@")) return text.split(/\s+/);
  const fields = forms.get(text);
  if (fields !== undefined) return fields.split(" ");
  if (text.startsWith("@every")) return "@every is not supported; write five fields such as */15 * * * *";
  return `there is no form ${quote(text)}; the forms are ${[...forms.keys()].join(", ")}`;
}

interface FieldValues {
  readonly values: readonly number[];
  /** Holds a `*` or `?` without a step, so that the field restricts nothing. */
  readonly open: boolean;
}

/** The values, or what is wrong with the field. */
function parseField(text: string, field: Field): FieldValues | string {
  const values = new Set<number>();
  let open = false;
  for (const element of text.split(",")) {
    const range = parseElement(element, field);
    if (typeof range === "string") return `${field.name}: ${range}`;
    open ||= range.open;
    for (let value = range.first; value <= range.last; value += range.step) values.add(value);
  }
  return { values: [...values].sort((a, b) => a - b), open };
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly open: boolean;
}

function parseElement(element: string, field: Field): Range | string {
  const { min, max } = field;
  const [range = "", stepText, ...moreSteps] = element.split("/");
  const [firstText = "", lastText, ...moreEnds] = range.split("-");
  if (element === "") return "a list has an empty element";
  if (moreSteps.length > 0) return `${quote(element)} has more than one /`;
  if (moreEnds.length > 0) return `${quote(element)} has more than one -`;

  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (step === undefined || step < 1) return `the step in ${quote(element)} is not a number of at least 1`;

  if (firstText === "*" || firstText === "?") {
    if (lastText !== undefined) return `${quote(element)} is no range; ${firstText} stands alone`;
    return { first: min, last: max, step, open: step === 1 };
  }
  const first = parseValue(firstText, field);
  if (typeof first === "string") return first;
  if (lastText === undefined) return { first, last: stepText === undefined ? first : max, step, open: false };
  const last = parseValue(lastText, field);
  if (typeof last === "string") return last;
  if (first > last)
    return `${quote(range)} runs backwards; write it as two ranges: ${firstText}-${max},${min}-${lastText}`;
  return { first, last, step, open: false };
}

function parseValue(text: string, { min, max, names }: Field): number | string {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named + min;
  const expected = `${min} to ${max}${names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : ""}`;
  const value = parseNumber(text);
  if (value === undefined) {
    const extension = /[LW#]/.test(text) ? " (L, W and # are not supported)" : "";
    return `${quote(text)} is not one of ${expected}${extension}`;
  }
  if (names === dayNames && value === 7) return "7 is not a day of the week; Sunday is 0 or sun";
  return value < min || value > max ? `${value} is not in ${expected}` : value;
}

function parseNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 63)}…` : text);
}

const minuteLength = 60_000;
const hourLength = 60 * minuteLength;
const dayLength = 24 * hourLength;

/** The Gregorian calendar repeats its weekdays after 28 years, give or take a leap day left out in 2100. */
const searchedDays = 40 * 366;

/**
 * The first instant after `after` at which the schedule is due.
 * @param timeZone one that `parseSchedule` accepted
 * @throws RangeError if there is none in the next 40 years: only where a zone skips the named time every year
 */
export function next(schedule: Schedule, timeZone: string, after: Date): Date {
  return search(schedule, timeZone, after.getTime(), 1);
}

/**
 * The last instant at or before `at` at which the schedule was due, so that `previous(t) ≤ t < next(t)`.
 * @param timeZone one that `parseSchedule` accepted
 * @throws RangeError if there was none in the 40 years before
 */
export function previous(schedule: Schedule, timeZone: string, at: Date): Date {
  return search(schedule, timeZone, at.getTime(), -1);
}

type Direction = 1 | -1;

function search(schedule: Schedule, timeZone: string, from: number, direction: Direction): Date {
  const offsetAt = offsetsOf(timeZone);
  // One local day early: where the clock is set back over midnight, the day before is not over yet.
  const start = Math.floor((from + offsetAt(from)) / dayLength) - direction;
  for (let passed = 0; passed < searchedDays; passed++) {
    const day = start + passed * direction;
    const found = dueOn(day);
    if (found === undefined) continue;
    // And for the same reason the day behind it may hold an instant that is nearer.
    const behind = dueOn(day + direction);
    return new Date(behind !== undefined && (behind - found) * direction < 0 ? behind : found);
  }
  throw new RangeError(`The schedule ${quote(schedule.expression)} is never due in ${timeZone}`);

  function dueOn(day: number): number | undefined {
    return isDayDue(schedule, day) ? nearestInstant(schedule, day, offsetAt, from, direction) : undefined;
  }
}

/** @param day days since 1 January 1970 in the local calendar */
function isDayDue(schedule: Schedule, day: number): boolean {
  const date = new Date(day * dayLength);
  if (!schedule.months.includes(date.getUTCMonth() + 1)) return false;
  const ofMonth = schedule.daysOfMonth.includes(date.getUTCDate());
  const ofWeek = schedule.daysOfWeek.includes(date.getUTCDay());
  return schedule.days === "both" ? ofMonth && ofWeek : ofMonth || ofWeek;
}

/** The due instant of one local day that is nearest to `from` on the side of `direction`. */
function nearestInstant(
  schedule: Schedule,
  day: number,
  offsetAt: (instant: number) => number,
  from: number,
  direction: Direction,
): number | undefined {
  const inOrder = (values: readonly number[]) => (direction === 1 ? values : values.toReversed());
  const midnight = day * dayLength;
  // A local day lies within a day and a half of the same day in UTC, so these are all offsets that it can have.
  const offsets = new Set([-1, 0, 1, 2].map((shift) => offsetAt(midnight + shift * dayLength)));
  let nearest: number | undefined;
  for (const offset of offsets) {
    const found = firstOf(offset);
    if (found !== undefined && (nearest === undefined || (found - nearest) * direction < 0)) nearest = found;
  }
  return nearest;

  function firstOf(offset: number): number | undefined {
    for (const hour of inOrder(schedule.hours)) {
      for (const minute of inOrder(schedule.minutes)) {
        const instant = midnight + hour * hourLength + minute * minuteLength - offset;
        const beyond = direction === 1 ? instant > from : instant <= from;
        if (beyond && (offsets.size === 1 || offsetAt(instant) === offset)) return instant;
      }
    }
    return undefined;
  }
}

/** How far the wall clock of a zone is ahead of UTC at an instant, both in milliseconds. */
function offsetsOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const read = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => read.get(name) ?? 0;
    const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return wall - Math.floor(instant / 1000) * 1000;
  };
}
