import type { Random } from "./clock.ts";

export interface BackoffLimits {
  /** First delay. */
  readonly baseMs: number;
  /** Longest delay. */
  readonly capMs: number;
}

/** Delay before attempt `failures + 1`: doubles with each failure up to the cap, of which a random half is taken off. */
export function backoffDelay(failures: number, limits: BackoffLimits, random: Random): number {
  const full = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return full / 2 + (full / 2) * random();
}
