import type { HistoryDay } from "../../api/scan-report.ts";
import type { StoredReport } from "./stored.ts";

/** Whether two plain values (of objects, lists, Maps and primitives) say the same; an absent field equals an undefined one. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]));
  if (Array.isArray(b)) return false;
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  return (
    left.size === right.size && [...left].every(([name, value]) => right.has(name) && same(value, right.get(name)))
  );
}

function fieldsOf(value: object): ReadonlyMap<unknown, unknown> {
  const fields: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  return new Map([...fields].filter(([, field]) => field !== undefined));
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
