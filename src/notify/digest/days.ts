import { formatInstant, type Instant } from "../../engine/ledger/instant.ts";

export const dayMs = 86_400_000;

/** The UTC day of an instant: `2026-11-21`. */
export function dayOf(instant: Instant): string {
  return formatInstant(instant).slice(0, 10);
}

/** The UTC days up to that of an instant, oldest first. */
export function daysUpTo(instant: Instant, number: number): string[] {
  return Array.from({ length: number }, (_, index) => dayOf(instant - (number - 1 - index) * dayMs));
}
