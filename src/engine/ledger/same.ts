import type { HistoryDay } from "../../api/scan-report.ts";
import type { StoredReport } from "./stored.ts";

/** Whether two plain values (of objects, lists, Maps and primitives) say the same; an absent field equals an undefined one. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]));
  if (a instanceof Map)
    return (
      b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)))
    );
  return isFields(a) && isFields(b) && covers(a, b) && hasNoMore(b, a);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: object): value is Fields {
  return !Array.isArray(value) && !(value instanceof Map);
}

/**
 * `before`, if `after` says the same. What stays as it was is then the same object all the way through a step, and whoever
 * compares it later needs no second look inside.
 */
export function reused<T>(before: T | undefined, after: T): T {
  return before !== undefined && same(before, after) ? before : after;
}

/** Whether every field of `a` that is there stands in `b`, too. */
function covers(a: Fields, b: Fields): boolean {
  for (const name in a) if (a[name] !== undefined && !same(a[name], b[name])) return false;
  return true;
}

/** Whether `a` has no field that is not there in `b`. */
function hasNoMore(a: Fields, b: Fields): boolean {
  for (const name in a) if (a[name] !== undefined && b[name] === undefined) return false;
  return true;
}

/**
 * Whether two reports differ in nothing but the number of resources and what rests on it: score, grade and the day's
 * entry of the history. Such a report is written once a minute at most. Also true where they do not differ at all.
 */
export function onlyResourcesChanged(a: StoredReport, b: StoredReport): boolean {
  return same(withoutResources(a), withoutResources(b));
}

function withoutResources(report: StoredReport) {
  const { resources: _, score: __, grade: ___, ...summary } = report.summary;
  const day = ({ resources: _resources, score: _score, ...rest }: HistoryDay) => rest;
  return { ...report, summary, history: report.history.map(day) };
}
