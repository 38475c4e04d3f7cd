import type { Instant } from "../../engine/ledger/instant.ts";
import type { PolicyTrend, TrendDay } from "../../formats/digest.ts";
import { dayOf, daysUpTo } from "./days.ts";
import { gradeNow, gradeThen } from "./grade.ts";
import type { LedgerView } from "./ledger-view.ts";

const trendDays = 35;

export interface TrendWindow {
  readonly since: Instant;
  readonly until: Instant;
  readonly now: Instant;
  /** Whether only some resources are selected, so that grades would be those of others. */
  readonly partial: boolean;
}

/** The course of each policy over its ledgers, sorted by name. */
export function policyTrends(ledgers: readonly LedgerView[], window: TrendWindow): PolicyTrend[] {
  return [...Map.groupBy(ledgers, ({ policy }) => policy)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([policy, own]) => {
      const after = gradeNow(own);
      const before = gradeThen(own, window.since);
      return {
        policy,
        days: daysOf(own, window),
        ...(window.partial || before === undefined ? {} : { gradeBefore: before.grade }),
        ...(window.partial || after === undefined ? {} : { gradeAfter: after.grade, score: after.score }),
      };
    });
}

function daysOf(ledgers: readonly LedgerView[], { until, now }: TrendWindow): TrendDay[] {
  const today = dayOf(now);
  return daysUpTo(Math.min(now, until - 1), trendDays).flatMap((date) => {
    const ends = ledgers.flatMap((ledger) => {
      const end = date === today ? ledger.summary : ledger.history.findLast((day) => day.date <= date);
      return end === undefined ? [] : [end];
    });
    return ends.length === 0 ? [] : [trendDay(date, ends)];
  });
}

interface DayEnd {
  readonly resources: number;
  readonly new: number;
  readonly known: number;
  readonly critical: number;
  readonly high: number;
}

/** Days on which nothing changed have no entry: the one before holds on. */
function trendDay(date: string, ends: readonly DayEnd[]): TrendDay {
  const sum = (of: (end: DayEnd) => number) => ends.reduce((total, end) => total + of(end), 0);
  const open = sum((end) => end.new + end.known);
  const serious = sum((end) => end.critical + end.high);
  const resources = sum((end) => end.resources);
  const per100 = (count: number) => (resources === 0 ? 0 : Math.round((1000 * count) / resources) / 10);
  return { date, open, serious, resources, per100: per100(open), seriousPer100: per100(serious) };
}
