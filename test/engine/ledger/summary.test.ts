import { describe, expect, test } from "vitest";
import { hour, ledgerWith, minute } from "./simulated-ledger.ts";

const [web, api] = ["Deployment.apps/web", "Deployment.apps/api"];

describe("the summary of a report", () => {
  test("counts by state and by severity, New and Known together", () => {
    const ledger = ledgerWith({ [web]: ["root@a", "limit@b x2"], [api]: ["tag@c"], "Job.batch/etl": [] });
    ledger.put(api, ["tag@c", "limit@d"]).evaluate();
    expect(ledger.report?.summary).toEqual({
      resources: 3,
      new: 1,
      known: 4,
      fixed: 0,
      critical: 1,
      high: 3,
      medium: 1,
      low: 0,
      score: 50,
      grade: "C",
    });
  });

  test("a New Critical violation allows grade D at best, a Known one does not", () => {
    const clean = Array.from({ length: 20 }, (_, at) => `Deployment.apps/clean-${at}`);
    const ledger = ledgerWith({ [web]: ["root@a"], ...Object.fromEntries(clean.map((name) => [name, []])) });
    expect(ledger.report?.summary.grade).toBe("A");
    ledger.put(web, ["root@a", "root@b"]).evaluate();
    expect(ledger.report?.summary.grade).toBe("D");
  });

  test("no resources, no score", () => {
    expect(ledgerWith({}).report?.summary).not.toHaveProperty("score");
  });
});

describe("the counts of a step", () => {
  test("are per rule, with the time of its newest New violation", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    ledger.after(hour);
    const { counts } = ledger.put(web, ["limit@a", "limit@b", "limit@c x2", "tag@d"]).evaluate();
    expect([...counts.byRule]).toEqual([
      ["limit", { severity: "High", new: 3, known: 1, lastNewAt: ledger.now }],
      ["tag", { severity: "Medium", new: 1, known: 0, lastNewAt: ledger.now }],
    ]);
    expect(counts.bySeverity).toMatchObject({ High: { new: 3, known: 1 }, Medium: { new: 1, known: 0 } });
    expect(counts.found).toEqual({ Critical: 0, High: 2, Medium: 1, Low: 0 });
    expect(counts.entries).toBe(1);
  });

  test("count what waits as nothing", () => {
    const ledger = ledgerWith({});
    expect(ledger.put(web, ["service@"]).evaluate().counts).toMatchObject({ new: 0, found: { Low: 0 } });
    expect(ledger.after(minute).evaluate().counts).toMatchObject({ new: 1, found: { Low: 1 } });
  });
});

describe("the rules that a report names", () => {
  test("are those of its rows, with the policy's own texts", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.enable("limit", { message: "Use our limit", helpUrl: "https://handbook.example.com/limit" }).evaluate();
    expect([...(ledger.report?.rules ?? [])]).toEqual([
      [
        "limit",
        {
          severity: "High",
          title: "Title of a High rule",
          message: "Use our limit",
          helpUrl: "https://handbook.example.com/limit",
        },
      ],
    ]);
  });
});
