import type { HistoryDay } from "../../api/scan-report.ts";
import type { StoredReport } from "./stored.ts";

/** Whether two plain values (of objects, lists, Maps and primitives) say the same; an absent field equals an undefined one. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]));
  if (a instanceof Map)
    return (
      b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)))
    );
  return isFields(a) && isFields(b) && covers(a, b) && covers(b, a);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

/** Whether every field of `a` that is there stands in `b`, too. */
function covers(a: Fields, b: Fields): boolean {
  for (const name in a) if (a[name] !== undefined && !same(a[name], b[name])) return false;
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
