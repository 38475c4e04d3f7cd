import type { PolicyStatus } from "../../api/policy-status.ts";
import { parseInstant } from "../../engine/ledger/instant.ts";
import { compareText } from "../../engine/ledger/order.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import type { Digest } from "../../formats/digest.ts";
import type { LedgerView } from "./ledger-view.ts";
import type { Calendar } from "./moment.ts";
import type { Violation } from "./violation.ts";

const shown = 5;

export interface PolicyFacts {
  readonly name: string;
  /** Undefined while the operator has not looked at it. */
  readonly status: PolicyStatus | undefined;
}

export interface HealthFacts {
  /** Sorted by name. */
  readonly policies: readonly PolicyFacts[];
  readonly ledgers: readonly LedgerView[];
  readonly violations: readonly Violation[];
  readonly unlisted: number;
  /** Parts that no report asked for count as well: the report changed while it was read. */
  readonly missingParts: number;
  readonly calendar: Calendar;
}

type Health = Digest["health"];

/** What may make the numbers mislead. */
export function healthOf(facts: HealthFacts): Health {
  const { policies, ledgers, violations, unlisted, missingParts, calendar } = facts;
  const open = violations.reduce((sum, { count }) => sum + count, 0);
  const withoutOwner = violations.reduce((sum, { owner, count }) => sum + (owner === unowned ? count : 0), 0);
  const unverified = [...new Set(ledgers.flatMap((ledger) => ledger.unverified))].sort();
  return {
    coverage: policies.map((policy) => coverageOf(policy, calendar)),
    holes: cut(holesOf(policies, calendar)),
    unverified: cut(unverified),
    erring: cut(erringOf(ledgers)),
    inactive: cut(inactiveOf(policies)),
    unowned: withoutOwner,
    unownedPercent: open === 0 ? 0 : Math.floor((100 * withoutOwner) / open),
    unlisted,
    missingParts,
  };
}

function cut<T>(list: readonly T[]): { readonly shown: readonly T[]; readonly total: number } {
  return { shown: list.slice(0, shown), total: list.length };
}

function coverageOf({ name, status }: PolicyFacts, calendar: Calendar): Health["coverage"][number] {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const percent = status?.coverage?.percent;
  const lastScan = status?.lastScanTime;
  return {
    policy: name,
    ...(percent === undefined ? {} : { percent }),
    ...(lastScan === undefined ? {} : { lastScan: calendar.moment(parseInstant(lastScan)) }),
    ...(ready?.status === "True" ? {} : { notReady: ready?.message ?? "The operator has not looked at it yet" }),
  };
}

function holesOf(policies: readonly PolicyFacts[], calendar: Calendar): Health["holes"]["shown"] {
  const all = policies.flatMap(({ name, status }) => (status?.coverage?.holes ?? []).map((hole) => ({ name, hole })));
  return [...Map.groupBy(all, ({ hole }) => hole.kind)]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([kind, group]) => {
      const oldest = group.toSorted((a, b) => parseInstant(a.hole.since) - parseInstant(b.hole.since))[0]?.hole;
      if (oldest === undefined) return [];
      const { reason, message, since } = oldest;
      return [{ kind, reason, message, since: calendar.moment(parseInstant(since)), policies: namesOf(group) }];
    });
}

function erringOf(ledgers: readonly LedgerView[]): Health["erring"]["shown"] {
  const all = ledgers.flatMap(({ namespace, problems }) => problems.map((problem) => ({ namespace, ...problem })));
  return [...Map.groupBy(all, ({ rule }) => rule)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([rule, group]) => ({
      rule,
      resources: new Set(group.map(({ namespace, resource }) => `${namespace}\n${resource}`)).size,
      reason: group.map(({ reason }) => reason).sort(compareText)[0] ?? "",
    }));
}

function inactiveOf(policies: readonly PolicyFacts[]): Health["inactive"]["shown"] {
  const all = policies.flatMap(({ name, status }) => (status?.inactiveRules ?? []).map((one) => ({ name, ...one })));
  return [...Map.groupBy(all, ({ rule, reason }) => `${rule}\n${reason}`)]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, group]) => {
      const first = group[0];
      return first === undefined ? [] : [{ rule: first.rule, reason: first.reason, policies: namesOf(group) }];
    });
}

function namesOf(group: readonly { readonly name: string }[]): string[] {
  return [...new Set(group.map(({ name }) => name))].sort();
}
