import type { Unit } from "../board.ts";

const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1, notation: "compact" });
const steps = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** A value as a reader takes it in: `92 %`, `1.2K`, `3 minutes ago`. `now` is in seconds since 1970. */
export function formatted(value: number, unit: Unit, now: number): string {
  switch (unit) {
    case "percentunit":
      return `${plain.format(value * 100)} %`;
    case "dateTimeFromNow":
      return `${roundedTime(now - value / 1000)} ago`;
    case "s":
      return value !== 0 && Math.abs(value) < 1 ? `${plain.format(value * 1000)} ms` : `${plain.format(value)} s`;
    case "bytes":
      return `${compact.format(value)}B`;
    case "reqps":
      return `${plain.format(value)}/s`;
    case "short":
    case "none":
      return compact.format(value);
  }
}

/** `90` → `2 minutes`. */
export function roundedTime(seconds: number): string {
  const [size, name] = steps.find(([one]) => seconds >= one) ?? ([1, "second"] as const);
  const count = Math.max(0, Math.round(seconds / size));
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
