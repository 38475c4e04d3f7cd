import { merged, none, splitNewest, splitOldest, total } from "./dated.ts";
import { isStanding } from "./gather.ts";
import type { Instant } from "./instant.ts";
import { pendingMs } from "./limits.ts";
import { coveredCount, type Entry, type Slot, splitEntry } from "./slots.ts";
import type { Dated } from "./types.ts";

/** Whether `settle` had ended for an absent entry at an instant. */
export function isSettled({ absentSince }: Entry, settleMs: number, at: Instant): boolean {
  return absentSince !== undefined && absentSince + settleMs <= at;
}

export interface CoverTimes {
  readonly now: Instant;
  readonly settleMs: number;
}

/**
 * Matching by fingerprint, as a multiset (docs/ledger.md 6.1): what is there is covered by what stands accepted, the oldest entries first;
 * what was reported as New stays New; of the rest, what an inventory rule found waits, unless it was reported as Known; what
 * then remains is taken back from what is absent (4.1), and else is fresh.
 * @param clock of an inventory rule: the key's waiting violations; undefined for other rules, which do not wait
 * @returns how many came back that had counted as fixed
 */
export function cover(slot: Slot, clock: readonly Dated[] | undefined, { now, settleMs }: CoverTimes): number {
  let left = slot.seen;
  for (const entry of standingFirst(slot.entries)) {
    if (entry.absentSince !== undefined || left === 0) continue;
    const taken = splitEntry(slot, entry, left);
    left -= taken.count;
    takeUp(taken);
  }
  if (left === 0) {
    // Nothing is New or back; what is not seen may still be there and wait.
    slot.pending = slot.verdict === "frozen" && slot.found === 0 ? (clock ?? none) : none;
    return 0;
  }
  slot.old = splitOldest(slot.past.new, left).oldest;
  left -= total(slot.old);
  const uncovered = total(slot.past.known) - coveredCount(slot);
  const held = splitNewest(slot.past.known, Math.min(left, uncovered)).newest;
  left -= total(held);
  if (clock === undefined) slot.fresh = merged([...held, { since: now, count: left }]);
  else wait(slot, clock, left, now, held);
  return takeBack(slot, { now, settleMs });
}

/** Standing ones first, then those of idle families, then those that were out of scope; in each the oldest first. */
function standingFirst(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length < 2) return entries;
  return entries.toSorted((a, b) => rank(a) - rank(b) || a.since - b.since || Number(a.moved) - Number(b.moved));
}

function rank(entry: Entry): number {
  if (isStanding(entry)) return 0;
  return entry.outSince === undefined ? 1 : 2;
}

function takeUp(entry: Entry): void {
  entry.covers = true;
  entry.outSince = undefined;
  entry.idleSince = undefined;
  entry.absentSince = undefined;
  entry.announced = false;
}

/** 2.3: goes on counting for those that were waiting, the oldest first; starts counting for the others. */
function wait(slot: Slot, clock: readonly Dated[], count: number, now: Instant, held: readonly Dated[]): void {
  if (slot.verdict === "frozen" && slot.found === 0) {
    slot.fresh = merged(held);
    slot.pending = [...clock];
    return;
  }
  const { oldest } = splitOldest(clock, count);
  const waiting = merged([...oldest, { since: now, count: count - total(oldest) }]);
  slot.fresh = merged([...held, ...waiting.filter(({ since }) => since + pendingMs <= now)]);
  slot.pending = waiting.filter(({ since }) => since + pendingMs > now);
}

/** 4.1: back within `settle` it is Known again. What waited came back when it was first seen. */
function takeBack(slot: Slot, { now, settleMs }: CoverTimes): number {
  let back = 0;
  const absent = slot.entries.filter(({ absentSince }) => absentSince !== undefined);
  for (const entry of absent.sort((a, b) => a.since - b.since)) {
    for (const group of ["fresh", "old"] as const) {
      if (entry.covers) continue;
      const absentSince = entry.absentSince ?? now;
      const cameBack = ({ since }: Dated) => (group === "fresh" && since >= absentSince ? since : now);
      const usable = slot[group].filter((item) => !isSettled(entry, settleMs, cameBack(item)));
      const count = Math.min(total(usable), entry.count);
      if (count === 0) continue;
      takeUp(splitEntry(slot, entry, count));
      back += count;
      const kept = slot[group].filter((item) => !usable.includes(item));
      slot[group] = merged([...splitOldest(usable, count).rest, ...kept]);
    }
  }
  return back;
}
