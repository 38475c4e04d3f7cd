import { describe, expect, test } from "vitest";
import type { StoredBaseline } from "../../src/engine/ledger/stored.ts";
import { type RetirementReason, retire } from "../../src/operator/retirement.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 21, 7, 25, 30, 417);
const settle = 24 * hour;

const baseline: StoredBaseline = {
  takenAt: now - 90 * day,
  fixed: 3,
  match: undefined,
  kinds: ["Deployment.apps"],
  rules: new Map(),
  holes: new Map(),
  resources: [{ ref: "Deployment.apps/web", entries: [{ rule: "limit", path: "", count: 1, since: now - 90 * day }] }],
};

const marks = {
  orphaned: "orphanedSince",
  "namespace-gone": "namespaceGoneSince",
  "out-of-scope": "outOfScopeSince",
} as const satisfies Record<RetirementReason, keyof StoredBaseline>;

const reasons: readonly RetirementReason[] = ["orphaned", "namespace-gone", "out-of-scope"];

describe("LEDGER 7.1 and 3.7: a Baseline in which nothing is judged any more", () => {
  test.each(reasons)("keeps its entries and is marked with the second at which it retired (%s)", (reason) => {
    const outcome = retire(baseline, reason, now, settle);
    expect(outcome).toMatchObject({ keep: { ...baseline, [marks[reason]]: Date.UTC(2026, 10, 21, 7, 25, 30) } });
  });

  test.each(reasons)("keeps its first mark when it is looked at again (%s)", (reason) => {
    const marked = { ...baseline, [marks[reason]]: now - hour };
    expect(retire(marked, reason, now, settle)).toMatchObject({ keep: marked });
  });

  test.each<[RetirementReason, number]>([
    ["orphaned", 30 * day],
    ["out-of-scope", 30 * day],
    ["namespace-gone", settle],
  ])("is removed when its time is up, not a moment earlier (%s)", (reason, kept) => {
    const marked = { ...baseline, [marks[reason]]: now - kept };
    expect(retire(marked, reason, now - 1, settle)).toEqual({ keep: marked, until: now });
    expect(retire(marked, reason, now, settle)).toBe("remove");
  });

  test("goes with its namespace at once where nothing has to settle", () => {
    const marked = { ...baseline, namespaceGoneSince: now };
    expect(retire(marked, "namespace-gone", now, 0)).toBe("remove");
  });

  test("starts its time anew when it retires for another reason", () => {
    const marked = { ...baseline, outOfScopeSince: now - 29 * day };
    const outcome = retire(marked, "orphaned", now, settle);
    expect(outcome).toMatchObject({ keep: { orphanedSince: Date.UTC(2026, 10, 21, 7, 25, 30) } });
    expect(outcome).not.toHaveProperty("keep.outOfScopeSince");
  });
});
