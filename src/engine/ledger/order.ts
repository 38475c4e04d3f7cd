import type { Spot } from "./spot.ts";
import type { StoredEntry, StoredRow, Transition } from "./stored.ts";

/** By code unit, not by locale: the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function compareSpots(a: Spot, b: Spot): number {
  return compareText(a.rule, b.rule) || compareText(a.path, b.path) || compareText(a.class ?? "", b.class ?? "");
}

export function sortEntries(entries: readonly StoredEntry[]): StoredEntry[] {
  return entries.toSorted((a, b) => compareSpots(a, b) || compareInstants(entryInstants(a), entryInstants(b)));
}

function entryInstants({ since, absentSince, announced, outSince, idleSince, moved }: StoredEntry): number[] {
  return [since, absentSince ?? 0, outSince ?? 0, idleSince ?? 0, Number(announced ?? 0), Number(moved ?? 0)];
}

function compareInstants(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((instant, index) => instant !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** New before Known, so that where rows are cut off the New ones are seen. */
export function sortRows(rows: readonly StoredRow[]): StoredRow[] {
  const rank = ({ state }: StoredRow) => (state === "New" ? 0 : 1);
  return rows.toSorted(
    (a, b) =>
      rank(a) - rank(b) || compareSpots(a, b) || a.since - b.since || Number(a.moved ?? 0) - Number(b.moved ?? 0),
  );
}

/** Newest first. */
export function sortTransitions(transitions: readonly Transition[]): Transition[] {
  return transitions.toSorted(
    (a, b) => b.at - a.at || compareText(a.ref, b.ref) || compareSpots(a, b) || compareText(a.id, b.id),
  );
}

export function byRef(a: { readonly ref: string }, b: { readonly ref: string }): number {
  return compareText(a.ref, b.ref);
}
