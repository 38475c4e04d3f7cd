import { describe, expect, test } from "vitest";
import { Tally } from "../../src/operator/tally.ts";
import { ledgerWith, SimulatedLedger, second, start } from "../engine/ledger/simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("the tally of a policy", () => {
  test("of one ledger is what its report says", () => {
    const tally = new Tally();
    const ledger = ledgerWith({ [web]: ["limit@a", "tag@b", "root@c"] });
    const step = ledger.put(api, ["limit@a", "tag@a"]).put("Deployment.apps/clean").evaluate();
    tally.set("shop", step);
    expect(tally.summary).toEqual(ledger.report?.summary);
  });

  test("of a resource with more violations than a report lists is still what its report says", () => {
    const tally = new Tally();
    const many = Array.from({ length: 250 }, (_, index) => `limit@${String(index).padStart(3, "0")}`);
    const ledger = new SimulatedLedger();
    tally.set(
      "shop",
      ledger
        .put(web, [...many, "root@zzz"])
        .put(api)
        .evaluate(),
    );
    expect(tally.summary).toEqual(ledger.report?.summary);
  });

  test("adds up namespaces and cluster-scoped resources", () => {
    const tally = new Tally();
    tally.set(
      "shop",
      ledgerWith({ [web]: ["limit@a"] })
        .put(api, ["limit@a"])
        .evaluate(),
    );
    tally.set("bank", ledgerWith({ [web]: ["tag@a"] }).evaluate());
    tally.set("", ledgerWith({ "Namespace/x": [] }).evaluate());
    expect(tally.summary).toMatchObject({ resources: 4, new: 1, known: 2, fixed: 0, high: 2, medium: 1, critical: 0 });
    expect(tally.summary).toMatchObject({ score: 70, grade: "C" });
    expect(tally.entries).toBe(2);
    expect(tally.namespaces()).toEqual(["", "bank", "shop"]);
  });

  test("has no score without resources", () => {
    const { summary } = new Tally();
    expect(summary).not.toHaveProperty("score");
    expect(summary).not.toHaveProperty("grade");
  });

  test("is D at best with a New violation that is critical", () => {
    const tally = new Tally();
    const ledger = new SimulatedLedger();
    for (let index = 0; index < 20; index++) ledger.put(`Deployment.apps/clean-${index}`);
    ledger.evaluate();
    tally.set("shop", ledger.put(web, ["root@a"]).evaluate());
    expect(tally.summary).toMatchObject({ score: 95, grade: "D" });
  });

  test("counts what a namespace comes to now, not what it came to before", () => {
    const tally = new Tally();
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    tally.set("shop", ledger.evaluate());
    tally.set("shop", ledger.put(web).evaluate());
    expect(tally.summary).toMatchObject({ known: 0, fixed: 1 });
  });

  test("forgets a namespace that is gone", () => {
    const tally = new Tally();
    tally.set("shop", ledgerWith({ [web]: ["limit@a"] }).evaluate());
    tally.delete("shop");
    expect(tally.summary).toMatchObject({ resources: 0, known: 0 });
    expect(tally.rules).toEqual([]);
  });

  test("is as old as the oldest of its baselines", () => {
    const tally = new Tally();
    const older = new SimulatedLedger();
    const younger = new SimulatedLedger();
    expect(tally.takenAt).toBeUndefined();
    tally.set("younger", younger.after(60 * second).evaluate());
    tally.set("older", older.evaluate());
    expect(tally.takenAt).toBe(start);
  });
});

describe("the tally by rule", () => {
  test("adds up, with the severity, by id", () => {
    const tally = new Tally();
    tally.set("shop", ledgerWith({ [web]: ["tag@a", "limit@a"] }).evaluate());
    tally.set("bank", ledgerWith({ [web]: ["limit@a"] }).evaluate());
    expect(tally.rules).toEqual([
      { id: "limit", severity: "High", new: 0, known: 2, lastNewTime: undefined },
      { id: "tag", severity: "Medium", new: 0, known: 1, lastNewTime: undefined },
    ]);
  });

  test("tells when a rule last found something new, anywhere", () => {
    const tally = new Tally();
    const [shop, bank] = [ledgerWith({}), ledgerWith({})];
    tally.set(
      "shop",
      shop
        .after(10 * second)
        .put(web, ["limit@a"])
        .evaluate(),
    );
    tally.set(
      "bank",
      bank
        .after(5 * second)
        .put(web, ["limit@a"])
        .evaluate(),
    );
    expect(tally.rules).toMatchObject([{ id: "limit", new: 2, lastNewTime: shop.now }]);
  });

  test("remembers that also when what was found is gone", () => {
    const tally = new Tally();
    const ledger = ledgerWith({});
    tally.set("shop", ledger.put(web, ["limit@a"]).evaluate());
    const foundAt = ledger.now;
    tally.set(
      "shop",
      ledger
        .after(10 * second)
        .put(web)
        .evaluate(),
    );
    expect(tally.rules).toEqual([{ id: "limit", severity: "High", new: 0, known: 0, lastNewTime: foundAt }]);
  });
});

describe("what failed", () => {
  test("is named: rules that threw, once each, and ledgers that could not be written", () => {
    const tally = new Tally();
    const ledger = new SimulatedLedger();
    ledger.problems = [
      { rule: "tag", resource: web, reason: "broke" },
      { rule: "limit", resource: web, reason: "broke" },
      { rule: "tag", resource: api, reason: "broke" },
    ];
    tally.set("shop", ledger.evaluate());
    tally.failed("shop");
    tally.failed("");
    expect(tally.failures).toEqual({ rules: ["limit", "tag"], writes: ["cluster-scoped resources", "shop"] });
  });

  test("is over when the ledger is written again, or is gone", () => {
    const tally = new Tally();
    tally.failed("shop");
    tally.failed("bank");
    tally.set("shop", new SimulatedLedger().evaluate());
    tally.delete("bank");
    expect(tally.failures).toEqual({ rules: [], writes: [] });
  });
});
