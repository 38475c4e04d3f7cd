/** What a field holds that takes a count or a share: `1`, `"50%"`. */
export interface IntOrPercent {
  readonly amount: number;
  readonly percent: boolean;
  /** As written. */
  readonly text: string;
}

const percentage = /^[+-]?\d{1,6}%$/;

/** Undefined for anything else, a count in quotes included: the API server refuses that too. */
export function readIntOrPercent(value: unknown): IntOrPercent | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value))
    return { amount: value, percent: false, text: String(value) };
  if (typeof value !== "string" || !percentage.test(value)) return undefined;
  return { amount: Number.parseInt(value, 10), percent: true, text: value };
}
