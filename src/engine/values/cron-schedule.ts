/**
 * Schedules as the API server reads those of a CronJob: five fields or a descriptor, by `ParseStandard` of
 * github.com/robfig/cron/v3, whose leniency is kept (empty list items, whatever follows a star). A time zone in the
 * schedule is refused: it has a field of its own.
 */
export function isCronSchedule(text: string): boolean {
  if (text.includes("TZ")) return false;
  if (text.startsWith("@")) return isDescriptor(text);
  const parts = text.split(blanks).filter((part) => part !== "");
  return parts.length === fields.length && fields.every((field, at) => isField(parts[at] ?? "", field));
}

const blanks = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

interface Field {
  readonly min: number;
  readonly max: number;
  /** Names in order, the first of which stands for `min`. */
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

function isField(text: string, field: Field): boolean {
  return text.split(",").every((item) => item === "" || isRange(item, field));
}

function isRange(text: string, field: Field): boolean {
  const [range = "", step, ...moreSteps] = text.split("/");
  if (moreSteps.length > 0 || (step !== undefined && !isStep(step))) return false;
  const [low = "", high, ...moreEnds] = range.split("-");
  if (low === "*" || low === "?") return true;
  const start = readNumber(low, field);
  const end = high === undefined ? start : readNumber(high, field);
  if (moreEnds.length > 0 || start === undefined || end === undefined) return false;
  return start >= field.min && start <= end && end <= field.max;
}

function isStep(text: string): boolean {
  return wholeNumber.test(text) && Number(text) > 0;
}

const wholeNumber = /^\+?\d{1,18}$/;

function readNumber(text: string, { min, names }: Field): number | undefined {
  const name = names.indexOf(text.toLowerCase());
  if (name >= 0) return min + name;
  return wholeNumber.test(text) ? Number(text) : undefined;
}

const descriptors: ReadonlySet<string> = new Set([
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
]);

const every = /^@every [+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

function isDescriptor(text: string): boolean {
  return descriptors.has(text) || every.test(text);
}
