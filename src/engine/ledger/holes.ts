import { type KindName, refKind } from "../resource.ts";
import type { Completeness } from "./completeness.ts";
import type { Instant } from "./instant.ts";
import { compareText } from "./order.ts";
import type { SlotTable } from "./slots.ts";
import type { StoredBaseline } from "./stored.ts";

type Holes = StoredBaseline["holes"];

/**
 * What the Baseline says about holes after this step: a hole is written when it begins and stays until its evidence is complete;
 * a kind that is still to be adopted is one from the start.
 */
export function nextHoles(before: Holes, complete: Completeness, openKinds: readonly KindName[]): Map<string, Instant> {
  const holes = new Map<string, Instant>();
  for (const [name, since] of complete.incomplete)
    if (before.has(name) || complete.holes.includes(name) || openKinds.includes(name))
      holes.set(name, Math.min(since, before.get(name) ?? since));
  return new Map([...holes].sort(([a], [b]) => compareText(a, b)));
}

/**
 * 2.4: while a hole lasts the clock of `settle` stands still. When it has ended, `absentSince` moves forward by the time that both
 * had in common and that no hole which goes on will account for.
 */
export function shiftClocks(slots: SlotTable, before: Holes, complete: Completeness, at: Instant): void {
  if (before.size === 0) return;
  const isOpen = (name: string) => before.has(name) && complete.incomplete.has(name);
  for (const { ref, rule, entries } of slots.all()) {
    const names = [refKind(ref), rule].filter((name) => before.has(name));
    const ended = names.filter((name) => !isOpen(name)).map((name) => before.get(name) ?? at);
    if (ended.length === 0) continue;
    const goesOn = names.filter(isOpen).map((name) => before.get(name) ?? at);
    shiftAbsences(entries, Math.min(...ended), Math.min(at, ...goesOn));
  }
}

/** Moves `absentSince` forward by the part of it that lies between two instants. */
export function shiftAbsences(
  entries: readonly { absentSince: Instant | undefined }[],
  from: Instant,
  to: Instant,
): void {
  for (const entry of entries)
    if (entry.absentSince !== undefined) entry.absentSince += Math.max(0, to - Math.max(from, entry.absentSince));
}

/** 3.7: absent entries that are back in scope. While they were out, the clock of `settle` stood still. */
export function comeIn(slots: SlotTable, at: Instant): void {
  for (const { verdict, entries } of slots.all()) {
    if (verdict === "out" || verdict === "frozen") continue;
    for (const entry of entries) {
      if (entry.outSince === undefined || entry.absentSince === undefined) continue;
      shiftAbsences([entry], entry.outSince, at);
      entry.outSince = undefined;
    }
  }
}
