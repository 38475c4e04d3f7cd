import { refKind } from "../resource.ts";
import { differsInOneMergeKey } from "../views/path.ts";
import { isSettled } from "./cover.ts";
import { splitNewest, total } from "./dated.ts";
import type { Instant } from "./instant.ts";
import { moveWindowMs } from "./limits.ts";
import { type Entry, removeEntry, type Slot, type SlotTable, splitEntry } from "./slots.ts";
import type { ResourceEvidence } from "./types.ts";

export interface MoveContext {
  readonly now: Instant;
  readonly settleMs: number;
  readonly resources: ReadonlyMap<string, ResourceEvidence>;
  /** Shape of a resource when it was last seen with violations. */
  readonly shapes: ReadonlyMap<string, string>;
}

/**
 * docs/ledger.md 6.2: pairs accepted violations that are gone with uncovered ones, one to one, in the order of the table. A pair's entry
 * goes over to the new place, where it covers.
 * @returns how many of them had counted as fixed
 */
export function pairMoves(slots: SlotTable, context: MoveContext): number {
  return pairElements(slots, context) + pairResources(slots, context);
}

/** (a) The same resource: an element of a list has another merge key now, and the old element is gone. */
function pairElements(slots: SlotTable, context: MoveContext): number {
  let returned = 0;
  for (const from of slots.all()) {
    if (from.verdict !== "judged" || !from.entries.some((entry) => isMovable(entry, context))) continue;
    for (const to of slots.ofResource(from.ref)) {
      if (to.rule !== from.rule || to.class !== from.class || uncovered(to, undefined) === 0) continue;
      const element = differsInOneMergeKey(from.path, to.path);
      if (element === undefined || context.resources.get(from.ref)?.hasElement(element) !== false) continue;
      returned += pair(from, to, undefined, context);
    }
  }
  return returned;
}

/** (b) Another resource of the same kind and shape, and the old one is gone. */
function pairResources(slots: SlotTable, context: MoveContext): number {
  const recentFrom = context.now - moveWindowMs;
  const gone = slots.all().filter(({ verdict, ref }) => verdict === "gone" && context.shapes.get(ref));
  if (gone.length === 0) return 0;
  const targets = Map.groupBy(
    slots.all().filter((slot) => uncovered(slot, recentFrom) > 0),
    (slot) => likenessOf(slot, context.resources.get(slot.ref)?.shape ?? ""),
  );
  let returned = 0;
  for (const from of gone)
    for (const to of targets.get(likenessOf(from, context.shapes.get(from.ref) ?? "")) ?? [])
      returned += pair(from, to, recentFrom, context);
  return returned;
}

function likenessOf(slot: Slot, shape: string): string {
  return JSON.stringify([refKind(slot.ref), slot.key, shape]);
}

/** What was there, or came back within `settle` elsewhere. */
function isMovable(entry: Entry, { settleMs, now }: MoveContext): boolean {
  return !entry.covers && !isSettled(entry, settleMs, now);
}

/** Vanishing ones first, then the last to go. */
function movable(slot: Slot, context: MoveContext): Entry[] {
  const end = context.now + 1;
  return slot.entries
    .filter((entry) => isMovable(entry, context))
    .sort((a, b) => (b.absentSince ?? end) - (a.absentSince ?? end) || a.since - b.since);
}

/** Which New rows may still turn out to be moved: those found since then; none where undefined. */
type RecentFrom = Instant | undefined;

/** How many violations of a key could be moved ones. */
function uncovered(slot: Slot, recentFrom: RecentFrom): number {
  return total(slot.fresh) + total(slot.pending) + recent(slot, recentFrom);
}

function recent(slot: Slot, recentFrom: RecentFrom): number {
  return recentFrom === undefined ? 0 : total(slot.old.filter(({ since }) => since >= recentFrom));
}

function pair(from: Slot, to: Slot, recentFrom: RecentFrom, context: MoveContext): number {
  let returned = 0;
  for (const entry of movable(from, context)) {
    const usable = {
      fresh: total(to.fresh),
      // What still waits is paired only with what vanishes right now, so that neither shows in between.
      pending: entry.absentSince === undefined ? total(to.pending) : 0,
      old: recent(to, recentFrom),
    };
    const count = Math.min(entry.count, usable.fresh + usable.pending + usable.old);
    if (count === 0) continue;
    const moved = splitEntry(from, entry, count);
    removeEntry(from, moved);
    if (moved.absentSince !== undefined) returned += count;
    const clocks = { absentSince: undefined, announced: false, outSince: undefined, idleSince: undefined };
    to.entries = [...to.entries, { ...moved, ...clocks, moved: true, covers: true }];
    let left = count;
    for (const group of ["fresh", "pending", "old"] as const) {
      const used = Math.min(left, usable[group]);
      to[group] = splitNewest(to[group], used).rest;
      left -= used;
    }
  }
  return returned;
}
