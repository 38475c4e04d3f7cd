import type { HoistedRule } from "../../api/scan-report.ts";
import type { Ownership } from "../ownership/ownership.ts";
import type { ResourceRef } from "../resource.ts";
import { merged, total } from "./dated.ts";
import { wholeSecond } from "./instant.ts";
import { maxRows } from "./limits.ts";
import { compareText, sortRows } from "./order.ts";
import { reused } from "./same.ts";
import type { Entry, Slot, SlotTable } from "./slots.ts";
import { placeOf } from "./spot.ts";
import type { StoredRow, StoredViolating } from "./stored.ts";
import type { LedgerRule, ResourceRows } from "./types.ts";

/** All rows of a ledger, by resource; none is cut off here. Resources without any are left out. */
export function rowsOf(slots: SlotTable, ownershipOf: (ref: ResourceRef) => Ownership): ResourceRows[] {
  const all: ResourceRows[] = [];
  for (const [ref, own] of slots.byResource()) {
    const rows: StoredRow[] = [];
    for (const slot of own) {
      for (const row of newRows(slot)) rows.push(row);
      for (const row of knownRows(slot)) rows.push(row);
    }
    if (rows.length > 0) all.push({ ref, ...ownershipOf(ref), rows: sortRows(rows) });
  }
  return all;
}

function newRows(slot: Slot): readonly StoredRow[] {
  if (slot.old.length + slot.fresh.length === 0) return [];
  const news = merged([...slot.old, ...slot.fresh].map(({ since, count }) => ({ since: wholeSecond(since), count })));
  return news.map(({ since, count }) => ({ ...placeOf(slot, count), state: "New", since, ...shownValue(slot) }));
}

function knownRows(slot: Slot): readonly StoredRow[] {
  const covering = slot.entries.filter(({ covers }) => covers);
  const rowOf = ({ since, moved }: Entry, count: number): StoredRow => ({
    ...placeOf(slot, count),
    state: "Known",
    since,
    ...(moved ? { moved } : undefined),
    ...shownValue(slot),
  });
  if (covering.length < 2) return covering.map((entry) => rowOf(entry, entry.count));
  const alike = Map.groupBy(covering, ({ since, moved }) => `${since} ${moved}`);
  return [...alike.values()].flatMap((group) => group.slice(0, 1).map((entry) => rowOf(entry, total(group))));
}

function shownValue({ value }: Slot): { readonly value: string } | undefined {
  return value === undefined ? undefined : { value };
}

/**
 * What a report lists of them: 200 rows per resource, then a count.
 * @param before what the stored report lists; what stays as it is, are these very objects
 */
export function listed(all: readonly ResourceRows[], before: readonly StoredViolating[]): StoredViolating[] {
  const stored = new Map(before.map((violating) => [violating.ref, violating]));
  return all.map((one) => {
    const last = stored.get(one.ref);
    const rows = reused(last?.rows, one.rows.slice(0, maxRows));
    return reused(last, { ...one, rows, more: total(one.rows.slice(maxRows)) });
  });
}

/** What the report says once about each rule that its rows name. */
export function hoistedRules(
  violating: readonly StoredViolating[],
  rules: ReadonlyMap<string, LedgerRule>,
): Map<string, HoistedRule> {
  const named = new Set<string>();
  for (const { rows } of violating) for (const { rule } of rows) named.add(rule);
  const hoisted = [...named].flatMap((id) => {
    const rule = rules.get(id);
    if (rule === undefined) return [];
    const { severity, title, message, helpUrl } = rule;
    const texts = { ...(message === undefined ? {} : { message }), ...(helpUrl === undefined ? {} : { helpUrl }) };
    return [[id, { severity, title, ...texts }] as const];
  });
  return new Map(hoisted.sort(([a], [b]) => compareText(a, b)));
}
