import type { Instant } from "../engine/ledger/types.ts";

/** Undefined where the text is absent or no time: stored objects may have been edited by hand. */
export function parseInstant(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
