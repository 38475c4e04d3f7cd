import type { Summary } from "../../api/summary.ts";
import type { Problem } from "../violation.ts";
import { nextChanges } from "./changes.ts";
import { nextHistory } from "./history.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import { compareText } from "./order.ts";
import { hoistedRules } from "./rows.ts";
import { onlyResourcesChanged, reused } from "./same.ts";
import type { StoredReport, StoredViolating, Transition } from "./stored.ts";
import type { LedgerRule } from "./types.ts";

/** Problems listed in a report; the number of all is in the operator's log. */
const maxProblems = 100;
const maxReasonLength = 1024;

export interface ReportContent {
  readonly baselineTakenAt: Instant | undefined;
  readonly summary: Summary;
  readonly violating: readonly StoredViolating[];
  readonly rules: ReadonlyMap<string, LedgerRule>;
  readonly unverified: readonly string[];
  readonly problems: readonly Problem[];
  /** What stays of the changes that the stored report lists. */
  readonly changes: readonly Transition[];
  readonly transitions: readonly Transition[];
  /** Those of them that the Baseline waits for. */
  readonly owed: readonly Transition[];
}

/** The report after this step: the stored one itself where nothing changed. */
export function nextReport(before: StoredReport | undefined, content: ReportContent, now: Instant): StoredReport {
  const { baselineTakenAt, summary, violating, unverified, transitions, owed } = content;
  const candidate: StoredReport = {
    ...(baselineTakenAt === undefined ? {} : { baselineTakenAt }),
    summary,
    changedAt: before?.changedAt ?? wholeSecond(now),
    rules: hoistedRules(violating, content.rules),
    violating,
    changes: content.changes,
    changesDropped: before?.changesDropped ?? 0,
    history: before?.history ?? [],
    unverified,
    problems: listedProblems(content.problems),
  };
  const changed = before === undefined || transitions.length > 0 || !onlyResourcesChanged(before, candidate);
  const history = nextHistory(candidate.history, summary, transitions, changed, now);
  const report = changed
    ? { ...candidate, ...nextChanges(candidate, transitions, owed, now), history, changedAt: wholeSecond(now) }
    : { ...candidate, history };
  return reused(before, report);
}

function listedProblems(problems: readonly Problem[]): Problem[] {
  return problems
    .map(({ rule, resource, reason }) => ({ rule, resource, reason: reason.slice(0, maxReasonLength) }))
    .sort(
      (a, b) => compareText(a.rule, b.rule) || compareText(a.resource, b.resource) || compareText(a.reason, b.reason),
    )
    .slice(0, maxProblems);
}
