import { describe, expect, test } from "vitest";
import type { Condition } from "../../src/api/conditions.ts";
import type { PolicyStatus } from "../../src/api/policy-status.ts";
import { adoptionNews, statusNews } from "../../src/operator/announcer.ts";

const now = Date.parse("2026-11-21T07:30:00Z");

function condition(type: string, status: Condition["status"], change: Partial<Condition> = {}): Condition {
  return {
    type,
    status,
    reason: "Because",
    message: `${type} is ${status}`,
    observedGeneration: 1,
    lastTransitionTime: "2026-11-21T07:25:00Z",
    ...change,
  };
}

const ready = condition("Ready", "True");
const notReady = condition("Ready", "False");
const degraded = condition("Degraded", "True");

function status(conditions: readonly Condition[], rest: Omit<PolicyStatus, "conditions"> = {}): PolicyStatus {
  return { conditions, ...rest };
}

function reasons(before: PolicyStatus | undefined, after: PolicyStatus): readonly string[] {
  return statusNews(before, after, 1, now).map(({ reason }) => reason);
}

describe("a change of a policy's status", () => {
  test("is no news where nothing changed, as after a restart", () => {
    const same = status([ready, degraded], { baselineTakenAt: "2026-11-21T07:25:00Z" });
    expect(statusNews(same, structuredClone(same), 1, now)).toEqual([]);
  });

  test("is no news where only counts changed", () => {
    const counted = { resources: 1, new: 0, known: 1, fixed: 0, critical: 0, high: 1, medium: 0, low: 0 };
    expect(reasons(status([ready]), status([ready], { summary: counted }))).toEqual([]);
  });

  test.each([
    ["a new policy that compiles", undefined, ready, "PolicyReady"],
    ["a new policy that does not", undefined, notReady, "PolicyInvalid"],
    ["a policy that was broken", status([ready]), notReady, "PolicyInvalid"],
    ["a policy that was mended", status([notReady]), ready, "PolicyReady"],
    ["a policy that was edited and is still good", status([ready]), { ...ready, observedGeneration: 2 }, "PolicyReady"],
    [
      "a policy that was edited and is still broken",
      status([notReady]),
      { ...notReady, observedGeneration: 2 },
      "PolicyInvalid",
    ],
  ])("tells of %s", (_what, before, is, reason) => {
    expect(statusNews(before, status([is]), 7, now)).toEqual([{ reason, note: is.message, key: "7" }]);
  });

  test("tells once that the baseline was taken, with what it holds", () => {
    const summary = { resources: 12, new: 0, known: 30, fixed: 0, critical: 0, high: 30, medium: 0, low: 0 };
    const taken = status([ready], { baselineTakenAt: "2026-11-21T07:25:00Z", summary });
    expect(statusNews(status([ready]), taken, 1, now)).toEqual([
      {
        reason: "BaselineTaken",
        note: "30 violations of 12 resources are known from now on; what comes on top is new",
        key: "2026-11-21T07:25:00Z",
      },
    ]);
    expect(reasons(taken, taken)).toEqual([]);
  });

  test("tells that a scan became incomplete, and that it recovered", () => {
    const without = status([ready]);
    const withHole = status([ready, degraded]);
    expect(statusNews(without, withHole, 1, now)).toMatchObject([{ reason: "ScanDegraded", note: "Degraded is True" }]);
    expect(statusNews(withHole, without, 1, now)).toMatchObject([{ reason: "ScanRecovered" }]);
  });

  test("does not tell again of a hole that has only grown", () => {
    expect(reasons(status([degraded]), status([{ ...degraded, message: "two kinds now" }]))).toEqual([]);
  });

  test("tells the next hole from the last one, although they look alike", () => {
    const next = { ...degraded, lastTransitionTime: "2026-11-22T07:25:00Z" };
    const [first, second] = [degraded, next].map((one) => statusNews(status([ready]), status([ready, one]), 1, now)[0]);
    expect(first?.key).not.toBe(second?.key);
    const [firstEnd, secondEnd] = [degraded, next].map((one) => statusNews(status([one]), status([]), 1, now)[0]);
    expect(firstEnd?.key).not.toBe(secondEnd?.key);
  });

  test("tells everything that happened at once", () => {
    const after = status([notReady, degraded], { baselineTakenAt: "2026-11-21T07:25:00Z" });
    expect(reasons(undefined, after)).toEqual(["PolicyInvalid", "BaselineTaken", "ScanDegraded"]);
  });
});

describe("rules that were adopted", () => {
  const at = "2026-11-21T07:25:00Z";
  const adoption = { rule: "limit", at, violations: 9, resources: 4, namespaces: 2 };
  const adopted = status([ready], { adoptions: [adoption, { ...adoption, rule: "tag", violations: 1 }] });

  test("are told of in one Event, once the status holds them", () => {
    expect(statusNews(status([ready]), adopted, 1, now)).toEqual([
      { reason: "RuleAdopted", note: "What these rules found is known from now on: limit (9), tag (1)", key: at },
    ]);
    expect(statusNews(adopted, adopted, 1, now)).toEqual([]);
  });

  test("give the same Event whoever tells of them", () => {
    expect(adoptionNews(adopted.adoptions, now)).toEqual(statusNews(status([ready]), adopted, 1, now));
  });

  test("are told of no more after 45 minutes, when the API server may have forgotten that they were", () => {
    const later = Date.parse(at) + 45 * 60_000;
    expect(adoptionNews(adopted.adoptions, later)).toHaveLength(1);
    expect(adoptionNews(adopted.adoptions, later + 1_000)).toEqual([]);
  });
});
