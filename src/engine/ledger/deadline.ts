import type { Completeness } from "./completeness.ts";
import type { Instant } from "./instant.ts";
import { keepMs, pendingMs } from "./limits.ts";
import type { Entry, Slot, SlotTable } from "./slots.ts";

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
    for (const entry of slot.entries) for (const instant of ends(slot, entry, settleMs)) consider(instant);
  }
  return earliest;
}

/** When the clocks of an entry run out; none runs while its evidence is incomplete. */
function ends({ verdict }: Slot, { absentSince, outSince, idleSince }: Entry, settleMs: number): Instant[] {
  if (verdict === "frozen") return [];
  if (outSince !== undefined) return [outSince + keepMs];
  if (absentSince !== undefined) return [absentSince + settleMs];
  return idleSince === undefined ? [] : [idleSince + keepMs];
}
