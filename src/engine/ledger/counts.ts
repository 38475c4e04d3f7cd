import type { Severity } from "../../api/severity.ts";
import type { Summary } from "../../api/summary.ts";
import { isWorse, posture } from "../score.ts";
import { compareText } from "./order.ts";
import type { StoredResource, StoredRow, Transition } from "./stored.ts";
import type { LedgerCounts, LedgerRule, RuleCounts, StateCounts } from "./types.ts";

type Rules = ReadonlyMap<string, LedgerRule>;
type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
type Resources = readonly { readonly ref: string; readonly rows: readonly StoredRow[] }[];

function perSeverity<T>(value: (severity: Severity) => T): Record<Severity, T> {
  return { Critical: value("Critical"), High: value("High"), Medium: value("Medium"), Low: value("Low") };
}

/** Adds up all rows, also those that a report cuts off. */
export function countRows(
  all: Resources,
  rules: Rules,
): Pick<LedgerCounts, "new" | "known" | "bySeverity" | "byRule" | "worst"> {
  const worst = perSeverity(() => 0);
  const byRule = new Map<string, Writable<RuleCounts>>();
  for (const { rows } of all) {
    const ofResource = worstOf(rows, rules);
    if (ofResource !== undefined) worst[ofResource]++;
    for (const { rule, state, count, since } of rows) {
      const severity = rules.get(rule)?.severity;
      if (severity === undefined) continue;
      const ofRule = byRule.get(rule) ?? { severity, new: 0, known: 0, lastNewAt: undefined };
      byRule.set(rule, ofRule);
      if (state === "New") {
        ofRule.new += count;
        ofRule.lastNewAt = Math.max(since, ofRule.lastNewAt ?? since);
      } else ofRule.known += count;
    }
  }
  const rulesOf = (severity: Severity) => [...byRule.values()].filter((rule) => rule.severity === severity);
  const bySeverity = perSeverity((severity) => addUp(rulesOf(severity)));
  return {
    ...addUp(Object.values(bySeverity)),
    bySeverity,
    byRule: new Map([...byRule].sort(([a], [b]) => compareText(a, b))),
    worst,
  };
}

function addUp(counts: readonly StateCounts[]): StateCounts {
  return counts.reduce((sum, each) => ({ new: sum.new + each.new, known: sum.known + each.known }), {
    new: 0,
    known: 0,
  });
}

/** What this step's transitions add to the counters of found and of fixed violations. */
export function countTransitions(
  transitions: readonly Transition[],
  rules: Rules,
): Pick<LedgerCounts, "found" | "gone"> {
  const sum = (targets: readonly string[]) =>
    perSeverity((severity) =>
      transitions
        .filter(({ rule, to }) => targets.includes(to) && rules.get(rule)?.severity === severity)
        .reduce((before, { count }) => before + count, 0),
    );
  return { found: sum(["New"]), gone: sum(["Fixed", "Gone"]) };
}

export function countEntries(resources: readonly StoredResource[]): number {
  return resources.reduce((sum, { entries }) => sum + entries.reduce((inner, { count }) => inner + count, 0), 0);
}

/** A report's summary; score and grade over each resource's worst violation. */
export function summarize(
  counts: Pick<LedgerCounts, "resources" | "new" | "known" | "fixed" | "bySeverity" | "worst">,
): Summary {
  const { resources, bySeverity, fixed, worst } = counts;
  const of = (severity: Severity) => bySeverity[severity].new + bySeverity[severity].known;
  return {
    resources,
    new: counts.new,
    known: counts.known,
    fixed,
    critical: of("Critical"),
    high: of("High"),
    medium: of("Medium"),
    low: of("Low"),
    ...posture(resources, worst, bySeverity.Critical.new > 0),
  };
}

function worstOf(rows: readonly StoredRow[], rules: Rules): Severity | undefined {
  let worst: Severity | undefined;
  for (const { rule } of rows) {
    const severity = rules.get(rule)?.severity;
    if (severity !== undefined && (worst === undefined || isWorse(severity, worst))) worst = severity;
  }
  return worst;
}
