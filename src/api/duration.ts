const millisecondsPerUnit: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

const whole = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|ns))+$/;
const step = /(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/g;

/**
 * Reads a span of time as Go writes it (`24h`, `1h30m`, `1.5s`, `0`), in milliseconds.
 * `undefined` for anything else: no unit, a unit such as `d`, a sign, blanks.
 */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!whole.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(step)) {
    total += Number(amount) * (millisecondsPerUnit[unit ?? ""] ?? Number.NaN);
  }
  return total;
}
