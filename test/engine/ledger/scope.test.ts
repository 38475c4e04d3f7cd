import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, type SimulatedLedger, start } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("LEDGER 3.7 what leaves scope is neither fixed nor announced", () => {
  const leaving = {
    "an object": (ledger: SimulatedLedger) => ledger.put(web, ["limit@a", "tag@b"], { outOfScope: true }),
    "its kind": (ledger: SimulatedLedger) => {
      ledger.kinds.delete("Deployment.apps");
      return ledger.delete(web);
    },
    "its rules": (ledger: SimulatedLedger) => ledger.disable("limit").disable("tag"),
  };
  const returning = {
    "an object": (ledger: SimulatedLedger) => ledger.put(web, ["limit@a", "tag@b"]),
    "its kind": (ledger: SimulatedLedger) => {
      ledger.kinds.set("Deployment.apps", { state: "complete", served: true });
      return ledger.put(web, ["limit@a", "tag@b"]);
    },
    "its rules": (ledger: SimulatedLedger) => ledger.enable("limit").enable("tag"),
  };
  const withOneNew = () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "tag@b"]).evaluate();
    ledger.news();
    return ledger;
  };

  test.each(["an object", "its kind", "its rules"] as const)("%s", (what) => {
    const ledger = withOneNew();
    leaving[what](ledger).live(10 * day);
    expect(ledger.rows()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
    expect(ledger.entries()).toEqual([`out ${web} limit@a`]);
  });

  test.each(["an object", "its kind", "its rules"] as const)("the entries of %s are taken up on return", (what) => {
    const ledger = withOneNew();
    leaving[what](ledger).live(29 * day);
    returning[what](ledger).evaluate();
    expect(ledger.rows()).toContain(`Known ${web} limit@a`);
    expect(ledger.entries()).toContain(`${web} limit@a`);
    expect(ledger.report?.violating[0]?.rows.find(({ rule }) => rule === "limit")?.since).toBe(start);
  });

  test("after 30 days they are gone", () => {
    const ledger = withOneNew();
    leaving["an object"](ledger).live(31 * day);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    returning["an object"](ledger).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@a`, `New ${web} tag@b`]);
  });

  test("the clock of settle stands still for what is out of scope", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(10 * hour);
    ledger.disable("limit").live(5 * day);
    ledger.enable("limit").live(13 * hour);
    expect(ledger.entries()).toEqual([`absent ${web} limit@a`]);
    ledger.live(2 * hour);
    expect(ledger.entries()).toEqual([]);
  });

  test("what vanished while its rule was off is dropped: the rule may have become another one", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.disable("limit").live(day);
    ledger.put(web).enable("limit").live(hour);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.fixed).toBe(0);
  });

  test("what vanished while its object was out counts in FIXED, and is told to nobody", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a"], { outOfScope: true }).live(day);
    ledger.put(web).live(3 * day);
    expect(ledger.fixed).toBe(1);
    expect(ledger.news()).toEqual([]);
  });

  test("a ledger that was out of scope as a whole is taken up", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"], [api]: ["limit@a"] });
    ledger.put(api).live(10 * hour);
    ledger.baselines = ledger.baselines.map((object) => ({ ...object, outOfScopeSince: "2026-11-21T19:00:00Z" }));
    ledger.reports = [];
    ledger
      .after(20 * day)
      .restart()
      .evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.baseline?.outOfScopeSince).toBeUndefined();
    expect(ledger.entries()).toContain(`absent ${api} limit@a`);
  });
});
