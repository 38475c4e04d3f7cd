import { parseSubscriptionSpec } from "../../../src/api/parse-subscription-spec.ts";
import type { ReportSubscriptionSpec } from "../../../src/api/report-subscription.ts";
import { decide, type SubscriptionFacts } from "../../../src/notify/subscription/decide.ts";
import type { ReportedChange, RuleAdoption } from "../../../src/notify/subscription/happening.ts";
import { readState, type SubscriptionState } from "../../../src/notify/subscription/state.ts";

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A Saturday. */
export const start = Date.UTC(2026, 10, 21, 7, 25);

/** Complete, with the defaults; a webhook by default. */
export function specOf(given: object): ReportSubscriptionSpec {
  const parsed = parseSubscriptionSpec({
    sink: { webhook: { secretRef: { name: "a" }, url: "https://a.example" } },
    ...given,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

export function change(id: string, at: number, more: Partial<ReportedChange> = {}): ReportedChange {
  return {
    kind: "change",
    id,
    at,
    arrival: 0,
    policy: "production",
    namespace: "shop",
    ref: `Deployment.apps/${id}`,
    rule: "memory-limit",
    path: "",
    severity: "High",
    title: "Memory limit",
    count: 1,
    to: "New",
    owner: "payments",
    ...more,
  };
}

export function adoption(id: string, at: number, more: Partial<RuleAdoption> = {}): RuleAdoption {
  return {
    kind: "adoption",
    id,
    at,
    arrival: 0,
    policy: "production",
    rule: "cpu-request",
    severity: "Low",
    title: "CPU request",
    violations: 1_000,
    resources: 1_000,
    namespaces: 3,
    ...more,
  };
}

/** Of a subscription that was looked at when nothing had happened yet. */
export function looked(spec: ReportSubscriptionSpec, now = start): SubscriptionState {
  return decide(factsOf({ spec, now, isEdited: true })).state;
}

export function factsOf(given: Partial<SubscriptionFacts>): SubscriptionFacts {
  return {
    uid: "8f7d",
    now: start,
    spec: specOf({ immediate: {} }),
    state: readState(),
    happenings: [],
    looked: 0,
    isEdited: false,
    isRenewed: false,
    scannedAt: undefined,
    ...given,
  };
}
