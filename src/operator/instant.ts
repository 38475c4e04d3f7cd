import type { Instant } from "../engine/ledger/types.ts";

/** RFC 3339 in UTC with whole seconds, as `metav1.Time` wants it. */
export function formatInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** Undefined where the text is absent or no time: stored objects may have been edited by hand. */
export function parseInstant(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
