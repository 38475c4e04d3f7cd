import { UsageError } from "./usage-error.ts";

export const outputFormats = ["text", "markdown", "html", "json", "slack"] as const;

export type OutputFormat = (typeof outputFormats)[number];

/** Where one format goes. */
export interface Output {
  readonly format: OutputFormat;
  /** Absent: stdout. */
  readonly file?: string;
}

export const severityNames = ["Critical", "High", "Medium", "Low"] as const;

export type SeverityName = (typeof severityNames)[number];

/** `text`, or `html=digest.html`. */
export function parseOutput(text: string): Output {
  const [name = "", ...rest] = text.split("=");
  const format = outputFormats.find((one) => one === name);
  if (format === undefined)
    throw new UsageError(`--output is ${quoted(text)}, but must be one of ${outputFormats.join(", ")}`);
  if (rest.length === 0) return { format };
  const file = rest.join("=");
  if (file === "") throw new UsageError(`--output is ${quoted(text)}: a file is missing behind '='`);
  return { format, file };
}

export function parseSeverity(text: string): SeverityName {
  const found = severityNames.find((name) => name.toLowerCase() === text.toLowerCase());
  if (found === undefined)
    throw new UsageError(`--min-severity is ${quoted(text)}, but must be one of ${severityNames.join(", ")}`);
  return found;
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `7d` before `from`, or an instant as `2026-11-14T09:00:00Z`; a day alone begins at midnight UTC. */
export function parseInstant(flag: string, text: string, from: number): number {
  const [, amount, unit = ""] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return from - Number(amount) * (unitMs[unit] ?? 0);
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const instant = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new UsageError(
      `${flag} is ${quoted(text)}, but must be a span such as 7d or 36h, or a time such as 2026-11-14T09:00:00Z`,
    );
  return instant;
}

export function parseTimeZone(text: string): string {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: text }).format(0);
    return text;
  } catch (cause) {
    throw new UsageError(`--time-zone is ${quoted(text)}, but must be an IANA name such as Europe/Berlin`, { cause });
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
