import type { HoistedRule } from "../../api/scan-report.ts";
import type { Ownership } from "../ownership/ownership.ts";
import type { ResourceRef } from "../resource.ts";
import { merged, total } from "./dated.ts";
import { wholeSecond } from "./instant.ts";
import { maxRows } from "./limits.ts";
import { compareText, sortRows } from "./order.ts";
import type { Slot, SlotTable } from "./slots.ts";
import { placeOf } from "./spot.ts";
import type { StoredRow, StoredViolating } from "./stored.ts";
import type { LedgerRule, ResourceRows } from "./types.ts";

/** All rows of a ledger, by resource; none is cut off here. Resources without any are left out. */
export function rowsOf(slots: SlotTable, ownershipOf: (ref: ResourceRef) => Ownership): ResourceRows[] {
  return slots.refs().flatMap((ref) => {
    const rows = sortRows(slots.ofResource(ref).flatMap(slotRows));
    return rows.length === 0 ? [] : [{ ref, ...ownershipOf(ref), rows }];
  });
}

function slotRows(slot: Slot): StoredRow[] {
  const value = slot.value === undefined ? {} : { value: slot.value };
  const news = merged([...slot.old, ...slot.fresh].map(({ since, count }) => ({ since: wholeSecond(since), count })));
  const known = new Map<string, StoredRow>();
  for (const { covers, count, since, moved } of slot.entries) {
    if (!covers) continue;
    const likeness = `${since} ${moved}`;
    const place = placeOf(slot, count + (known.get(likeness)?.count ?? 0));
    known.set(likeness, { ...place, state: "Known", since, ...(moved ? { moved } : {}), ...value });
  }
  return [
    ...news.map(({ since, count }): StoredRow => ({ ...placeOf(slot, count), state: "New", since, ...value })),
    ...known.values(),
  ];
}

/** What a report lists of them: 200 rows per resource, then a count. */
export function listed(all: readonly ResourceRows[]): StoredViolating[] {
  return all.map((one) => ({ ...one, rows: one.rows.slice(0, maxRows), more: total(one.rows.slice(maxRows)) }));
}

/** What the report says once about each rule that its rows name. */
export function hoistedRules(
  violating: readonly StoredViolating[],
  rules: ReadonlyMap<string, LedgerRule>,
): Map<string, HoistedRule> {
  const named = new Set(violating.flatMap(({ rows }) => rows.map(({ rule }) => rule)));
  const hoisted = [...named].flatMap((id) => {
    const rule = rules.get(id);
    if (rule === undefined) return [];
    const { severity, title, message, helpUrl } = rule;
    const texts = { ...(message === undefined ? {} : { message }), ...(helpUrl === undefined ? {} : { helpUrl }) };
    return [[id, { severity, title, ...texts }] as const];
  });
  return new Map(hoisted.sort(([a], [b]) => compareText(a, b)));
}
