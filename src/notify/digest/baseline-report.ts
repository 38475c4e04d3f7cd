import type { Severity } from "../../api/severity.ts";
import { compareText } from "../../engine/ledger/order.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import type { Digest } from "../../formats/digest.ts";
import type { LedgerView } from "./ledger-view.ts";
import type { Calendar } from "./moment.ts";
import type { DigestRequest } from "./request.ts";
import type { Violation } from "./violation.ts";

const shown = 10;

type Report = NonNullable<Digest["baseline"]>;

/** What stands at the start: debt by team, the worst resources, what comes next. */
export function baselineReport(
  violations: readonly Violation[],
  ledgers: readonly LedgerView[],
  request: DigestRequest,
  calendar: Calendar,
): Report {
  const taken = ledgers.flatMap(({ takenAt }) => takenAt ?? []);
  const owners = [...Map.groupBy(violations, ({ owner }) => owner)].map(([owner, list]) => ({
    owner,
    open: total(list),
    ...bySeverity(list),
    resources: byResource(list).length,
  }));
  const worst = byResource(violations).flatMap((list) => {
    const first = list[0];
    if (first === undefined) return [];
    const { namespace, ref, owner } = first;
    const { critical, high } = bySeverity(list);
    return [{ ...(namespace === "" ? {} : { namespace }), ref, owner, critical, high, open: total(list) }];
  });
  const resourceName = ({ namespace = "", ref }: { namespace?: string; ref: string }) => `${namespace}\n${ref}`;
  owners.sort((a, b) => worse(a, b) || compareText(a.owner, b.owner));
  worst.sort((a, b) => worse(a, b) || compareText(resourceName(a), resourceName(b)));
  return {
    ...(taken.length === 0 ? {} : { takenAt: calendar.moment(Math.min(...taken)) }),
    debt: { shown: owners.slice(0, shown), total: owners.length },
    worst: { shown: worst.slice(0, shown), total: worst.length },
    next: nextSteps(violations, request, calendar),
  };
}

function nextSteps(violations: readonly Violation[], { next, filter }: DigestRequest, calendar: Calendar): string[] {
  const withoutOwner = violations.some(({ owner }) => owner === unowned);
  return [
    "This debt is accepted: none of it is told again, and nothing is blocked.",
    "What comes on top of it is new, and stays new until it is gone.",
    "What is fixed leaves the baseline by itself and cannot come back unnoticed.",
    ...(withoutOwner && filter.owners === undefined
      ? ["Label what has no owner, so that each team hears of its own."]
      : []),
    ...(next === undefined ? [] : [`The next digest is due on ${calendar.moment(next).text}.`]),
  ];
}

interface Debt {
  readonly critical: number;
  readonly high: number;
  readonly open: number;
}

function worse(a: Debt, b: Debt): number {
  return b.critical - a.critical || b.high - a.high || b.open - a.open;
}

function byResource(violations: readonly Violation[]): Violation[][] {
  return [...Map.groupBy(violations, ({ namespace, ref }) => `${namespace}\n${ref}`).values()];
}

function bySeverity(list: readonly Violation[]) {
  const of = (severity: Severity) => total(list.filter((one) => one.severity === severity));
  return { critical: of("Critical"), high: of("High"), medium: of("Medium"), low: of("Low") };
}

function total(list: readonly Violation[]): number {
  return list.reduce((sum, { count }) => sum + count, 0);
}
