import { describe, expect, test } from "vitest";
import { ReportBook } from "../../../src/notify/subscription/report-book.ts";

const catalogue = new Map([["tag", { title: "No latest tag", severity: "Medium" as const }]]);
const counts = { resources: 1, new: 1, known: 0, fixed: 0, critical: 0, high: 1, medium: 0, low: 0 };

const found = { id: "v1-1", at: "2026-11-21T07:25:00Z", ref: "Deployment.apps/web", rule: "limit", path: "a" };
const gone = { ...found, id: "v1-2", rule: "tag", path: "b", to: "Fixed", reason: "Fixed", owner: "shop" };

function report(changes: readonly object[], more: object = {}): Record<string, unknown> {
  return {
    apiVersion: "pawl.dev/v1alpha1",
    kind: "ScanReport",
    metadata: { name: "production", namespace: "shop" },
    policyRef: { kind: "Policy", name: "production" },
    summary: counts,
    changedAt: "2026-11-21T07:25:00Z",
    rules: { limit: { severity: "High", title: "Memory limit", helpUrl: "https://a.example" } },
    violating: [
      {
        ref: "Deployment.apps/web",
        owner: "payments",
        source: "helm:web",
        rows: [{ rule: "limit", path: "a", state: "New", since: "2026-11-21T07:20:00Z", value: "none" }],
      },
    ],
    changes,
    history: [],
    unverified: [],
    problems: [],
    parts: 0,
    ...more,
  };
}

const isNew = { ...found, to: "New", reason: "Found" };

describe("a change of a report", () => {
  test("is put together with its rule and with the row that it is about", () => {
    const book = new ReportBook(catalogue);
    book.upsert(report([isNew]), true);
    expect(book.changes()).toEqual([
      {
        kind: "change",
        id: "v1-1",
        at: Date.UTC(2026, 10, 21, 7, 25),
        arrival: 0,
        policy: "production",
        namespace: "shop",
        ref: "Deployment.apps/web",
        rule: "limit",
        path: "a",
        severity: "High",
        title: "Memory limit",
        helpUrl: "https://a.example",
        count: 1,
        to: "New",
        owner: "payments",
        source: "helm:web",
        isThere: true,
        value: "none",
        since: Date.UTC(2026, 10, 21, 7, 20),
      },
    ]);
  });

  test("that is over has its owner from itself and its rule from the catalogue", () => {
    const book = new ReportBook(catalogue);
    book.upsert(report([gone]), true);
    expect(book.changes()).toMatchObject([
      { id: "v1-2", severity: "Medium", title: "No latest tag", owner: "shop", isThere: false },
    ]);
  });

  test("does not say whether it is there where the rows stand in parts", () => {
    const book = new ReportBook(catalogue);
    book.upsert(report([isNew], { violating: [], parts: 2, partBits: 1 }), true);
    expect(book.changes()[0]).not.toHaveProperty("isThere");
  });

  test("arrives when it appears, and does not arrive again", () => {
    const book = new ReportBook(catalogue);
    book.upsert(report([isNew]), true);
    expect(book.arrived).toBe(0);
    book.upsert(report([gone, isNew]), false);
    expect(book.arrived).toBe(1);
    book.upsert(report([gone, isNew]), false);
    expect(book.changes().map(({ id, arrival }) => [id, arrival])).toEqual([
      ["v1-2", 1],
      ["v1-1", 0],
    ]);
  });

  test("goes with its report", () => {
    const book = new ReportBook(catalogue);
    book.upsert(report([isNew]), true);
    book.delete({ namespace: "shop", name: "production" });
    expect(book.changes()).toEqual([]);
  });
});
