import type { HoistedRule, ScanReport } from "../../src/api/scan-report.ts";
import { type Severity, severities } from "../../src/api/severity.ts";
import type { Row } from "../../src/api/violating.ts";

/** One violation of a report, with what stands apart in the stored object put together again. */
export interface ListedViolation {
  readonly ref: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly state: "New" | "Known";
  readonly path: string;
  readonly value: string;
}

/** All violations of a report, the worst first; among equals what is New, then by resource, rule and path. */
export function listViolations(report: Pick<ScanReport, "rules" | "violating">): readonly ListedViolation[] {
  return report.violating
    .flatMap(({ ref, rows }) => rows.map((row) => listed(ref, row, report.rules)))
    .toSorted(
      (a, b) =>
        severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
        Number(a.state === "Known") - Number(b.state === "Known") ||
        compare(a.ref, b.ref) ||
        compare(a.rule, b.rule) ||
        compare(a.path, b.path),
    );
}

function listed(ref: string, row: Row, rules: Readonly<Record<string, HoistedRule>>): ListedViolation {
  const severity = rules[row.rule]?.severity;
  if (severity === undefined) throw new Error(`the report has a row of rule ${row.rule}, but does not name that rule`);
  return { ref, rule: row.rule, severity, state: row.state ?? "Known", path: row.path, value: row.value ?? "" };
}

/** The first `limit` violations as a table in kubectl's manner, and how many more there are. */
export function violationsTable(violations: readonly ListedViolation[], limit: number): string {
  const shown = violations.slice(0, limit);
  const rows = shown.map(({ severity, state, ref, rule, path, value }) => [severity, state, ref, rule, path, value]);
  const more = violations.length - shown.length;
  return [
    ...columns([["SEVERITY", "STATE", "RESOURCE", "RULE", "PATH", "VALUE"], ...rows]),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
      .join("")
      .trimEnd(),
  );
}

/** By code unit, not by locale: the same order everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
