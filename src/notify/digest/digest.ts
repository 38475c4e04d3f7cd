import { severities } from "../../api/severity.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import type { Digest } from "../../formats/digest.ts";
import type { AdoptionBook } from "./adoptions.ts";
import { baselineReport } from "./baseline-report.ts";
import type { Closed, ClosingBook, OwnershipOf } from "./closings.ts";
import { filterPhrases, type ReportFilter, selectsAll, selectsResources } from "./filter.ts";
import { fixedByHistory, knowsSince } from "./flows.ts";
import { healthOf, type PolicyFacts } from "./health.ts";
import type { LedgerView } from "./ledger-view.ts";
import { lineOf, type Wording } from "./lines.ts";
import { Calendar } from "./moment.ts";
import { offendersOf } from "./offenders.ts";
import type { DigestRequest } from "./request.ts";
import type { RuleBook } from "./rule-book.ts";
import { policyTrends } from "./trend.ts";
import { verdictOf } from "./verdict.ts";
import type { Violation } from "./violation.ts";
import { biggestWin } from "./win.ts";

const newShown = 5;
const creditShown = 10;

/** Everything that was collected; lists sorted. */
export interface Collected {
  readonly request: DigestRequest;
  readonly policies: readonly PolicyFacts[];
  readonly ledgers: readonly LedgerView[];
  readonly rules: RuleBook;
  readonly violations: readonly Violation[];
  readonly closings: ClosingBook;
  readonly adoptions: AdoptionBook;
  /** Violations of one report that came in the period and are still there. */
  readonly freshIn: (ledger: LedgerView) => number;
  readonly ownershipOf: OwnershipOf;
  readonly unlisted: number;
}

/** Counts, sorts, cuts and words what was collected. */
export function digestOf(collected: Collected): Digest {
  const { request, policies, ledgers, rules, violations } = collected;
  const { kind, cluster, since, until, now, filter } = request;
  const calendar = new Calendar(request.timeZone);
  const wording = { calendar, rules };
  const trend = policyTrends(ledgers, { since, until, now, partial: selectsResources(filter) });
  const missingParts = ledgers.reduce((sum, ledger) => sum + ledger.missingParts, 0);
  const { unlisted } = collected;
  const health = healthOf({ policies, ledgers, violations, unlisted, missingParts, calendar });
  const fixed = fixedOf(collected);
  const namespaces = new Set(ledgers.map(({ namespace }) => namespace).filter((name) => name !== "")).size;
  const win = biggestWin(violations, wording);
  return {
    kind,
    cluster,
    period: {
      since: calendar.moment(since),
      until: calendar.moment(until),
      timeZone: calendar.timeZone,
      text: `${calendar.moment(since).text} to ${calendar.moment(until).text} (${calendar.timeZone})`,
    },
    madeAt: calendar.moment(now),
    verdict: verdictOf({
      request,
      violations,
      trend,
      fixed: fixed.total,
      fixedAtLeast: fixed.atLeast,
      health,
      namespaces,
      policies: policies.length,
    }),
    scope: {
      policies: policies.map(({ name }) => name),
      namespaces,
      resources: resourcesOf(ledgers),
      filter: filterPhrases(filter),
    },
    trend,
    new: freshLines(violations, wording),
    fixed: { total: fixed.total, credit: creditOf(fixed.closed), unattributed: fixed.unattributed },
    passed: count(collected.closings.passed(filter, collected.ownershipOf)),
    offenders: offendersOf(violations, wording, now),
    ...(win === undefined ? {} : { win }),
    health,
    ruleChanges: collected.adoptions.listed(wording),
    changesDropped: ledgers.reduce((sum, ledger) => sum + ledger.changesDropped, 0),
    overflow: request.overflow ?? 0,
    ...(request.due === undefined ? {} : { late: calendar.moment(request.due) }),
    ...(kind === "baseline" ? { baseline: baselineReport(violations, ledgers, request, calendar) } : {}),
    footer: {
      pointer: pointerTo(filter),
      ...(request.subscription === undefined
        ? {}
        : { mute: `kubectl edit reportsubscription ${request.subscription}` }),
    },
  };
}

function freshLines(violations: readonly Violation[], wording: Wording): Digest["new"] {
  const fresh = violations.flatMap((one) => (one.freshSince === undefined ? [] : [{ one, at: one.freshSince }]));
  const shown = fresh
    .toSorted((a, b) => severities.indexOf(a.one.severity) - severities.indexOf(b.one.severity) || b.at - a.at)
    .slice(0, newShown)
    .map(({ one, at }) => lineOf(wording, one, one.freshCount, at));
  return { shown, total: fresh.reduce((sum, { one }) => sum + one.freshCount, 0) };
}

interface Fixed {
  readonly total: number;
  readonly atLeast: boolean;
  readonly closed: readonly Closed[];
  readonly unattributed: number;
}

/** By changes; where they do not reach back far enough, and everything is selected, by the reports' history. */
function fixedOf({ request, ledgers, closings, ownershipOf, freshIn }: Collected): Fixed {
  const { filter, since, now } = request;
  const closed = closings.fixed(filter, ownershipOf);
  if (ledgers.every((ledger) => knowsSince(ledger, since, now)))
    return { total: count(closed), atLeast: false, closed, unattributed: 0 };
  const missing = selectsAll(filter) ? beyondChanges(ledgers, closed, request, freshIn) : 0;
  return { total: count(closed) + missing, atLeast: true, closed, unattributed: missing };
}

/** Of policies that overlap in a namespace the one with most counts, for a day's entry does not say what it was. */
function beyondChanges(
  ledgers: readonly LedgerView[],
  closed: readonly Closed[],
  { since }: DigestRequest,
  freshIn: Collected["freshIn"],
): number {
  const told = Map.groupBy(closed, ({ namespace }) => namespace);
  return [...Map.groupBy(ledgers, ({ namespace }) => namespace)]
    .map(([namespace, own]) => {
      const most = Math.max(...own.map((ledger) => fixedByHistory(ledger, since, freshIn(ledger))));
      return Math.max(0, most - count(told.get(namespace) ?? []));
    })
    .reduce((sum, missing) => sum + missing, 0);
}

function creditOf(closed: readonly Closed[]): Digest["fixed"]["credit"] {
  const credit = [...Map.groupBy(closed, ({ owner }) => owner ?? unowned)]
    .map(([owner, list]) => ({ owner, fixed: count(list) }))
    .sort((a, b) => b.fixed - a.fixed || (a.owner < b.owner ? -1 : 1));
  return { shown: credit.slice(0, creditShown), total: credit.length };
}

function count(list: readonly { readonly count: number }[]): number {
  return list.reduce((sum, one) => sum + one.count, 0);
}

/** Overlapping policies judge the same resources: of each namespace the largest number counts. */
function resourcesOf(ledgers: readonly LedgerView[]): number {
  return [...Map.groupBy(ledgers, ({ namespace }) => namespace).values()]
    .map((own) => Math.max(...own.map(({ summary }) => summary.resources)))
    .reduce((sum, resources) => sum + resources, 0);
}

/** The command that lists everything. */
function pointerTo({ namespaces, policies = [] }: ReportFilter): string {
  const [only, ...others] = namespaces?.include ?? [];
  const isName = only !== undefined && others.length === 0 && !/[*?]/.test(only);
  const where = isName ? `-n ${only}` : "-A";
  const [policy, ...more] = policies;
  const which = policy !== undefined && more.length === 0 ? ` -l pawl.dev/policy=${policy}` : "";
  return `kubectl get scanreports ${where}${which} -o yaml`;
}
