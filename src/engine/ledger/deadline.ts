import type { Completeness } from "./completeness.ts";
import type { Instant } from "./instant.ts";
import { keepMs, pendingMs } from "./limits.ts";
import type { Entry, SlotTable } from "./slots.ts";

/** The earliest instant after now at which time alone changes something. */
export function nextDeadline(
  slots: SlotTable,
  complete: Completeness,
  settleMs: number,
  now: Instant,
): Instant | undefined {
  let earliest = complete.nextHoleAt;
  const consider = (instant: Instant) => {
    if (instant > now) earliest = Math.min(instant, earliest ?? instant);
  };
  for (const slot of slots.all()) {
    for (const { since } of slot.pending) consider(since + pendingMs);
    if (slot.verdict === "frozen") continue;
    for (const entry of slot.entries) {
      const end = endOf(entry, settleMs);
      if (end !== undefined) consider(end);
    }
  }
  return earliest;
}

/** When the clock of an entry runs out; none runs while its evidence is incomplete. */
function endOf({ absentSince, outSince, idleSince }: Entry, settleMs: number): Instant | undefined {
  if (outSince !== undefined) return outSince + keepMs;
  if (absentSince !== undefined) return absentSince + settleMs;
  return idleSince === undefined ? undefined : idleSince + keepMs;
}
