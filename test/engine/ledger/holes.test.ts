import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, SimulatedLedger, second } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("LEDGER 2.4 a hole begins when a kind had no complete and current list for 60 s, or a rule erred", () => {
  test("it shows from 60 s on, once per report and not per row", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "limit@b"] });
    const step = ledger.lose("Deployment.apps").evaluate();
    expect(step.nextDeadline).toBe(ledger.now + minute);
    expect(ledger.report?.unverified).toEqual([]);
    ledger.after(minute).evaluate();
    expect(ledger.report?.unverified).toEqual(["Deployment.apps"]);
  });

  test("a rule that threw is a hole at once", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.problems = [{ rule: "limit", resource: web, reason: "cannot read" }];
    ledger.evaluate();
    expect(ledger.report?.unverified).toEqual(["limit"]);
    expect(ledger.report?.problems).toEqual(ledger.problems);
  });

  test("a rule that reads an incomplete kind is one after 60 s", () => {
    const ledger = ledgerWith({});
    ledger.breakRule("service").evaluate();
    expect(ledger.report?.unverified).toEqual([]);
    ledger.after(minute).evaluate();
    expect(ledger.report?.unverified).toEqual(["service"]);
  });

  test("it ends with complete evidence, and writes the report once each time", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").live(hour);
    ledger.regain("Deployment.apps").live(hour);
    expect(ledger.report?.unverified).toEqual([]);
    expect(ledger.writes.filter((write) => write.startsWith("ScanReport"))).toHaveLength(2);
  });

  test("a hole that was shown stays shown over a restart", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").live(hour);
    ledger.restart().lose("Deployment.apps").evaluate();
    expect(ledger.report?.unverified).toEqual(["Deployment.apps"]);
  });
});

describe("LEDGER 2.4 while a hole lasts its rows keep their state", () => {
  test("from the first moment on, when it does not show yet", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(api, ["limit@b"]).evaluate();
    ledger.news();
    ledger.lose("Deployment.apps").delete(web, api).evaluate();
    expect(ledger.rows()).toEqual([`New ${api} limit@b`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.fixed).toBe(0);
  });

  test("also after a restart, when nothing of the kind can be read any more", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(api, ["limit@b"]).evaluate();
    ledger.news();
    ledger.delete(web, api).lose("Deployment.apps").restart().live(day);
    expect(ledger.rows()).toEqual([`New ${api} limit@b`, `Known ${web} limit@a`]);
    expect(ledger.report?.summary).toMatchObject({ new: 1, known: 1, resources: 2 });
    expect(ledger.news()).toEqual([]);
  });

  test("New or Known is still decided by the Baseline", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).lose("Deployment.apps").restart();
    ledger.baselines = ledger.baselines.map((object) => ({ ...object, resources: [] }));
    ledger.evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`]);
  });

  test("without a report the Baseline says what was there", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).lose("Deployment.apps").restart();
    ledger.reports = [];
    ledger.evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
  });

  test("what a person wrote into the Baseline meanwhile was not seen, so it does not show", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps");
    ledger.baselines = ledger.baselines.map((object) => ({
      ...object,
      resources: [
        {
          ref: web,
          entries: [
            { rule: "limit", path: "a" },
            { rule: "limit", path: "never" },
          ],
        },
      ],
    }));
    ledger.live(hour);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
  });

  test("what is found in spite of the hole is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@b`]);
  });

  test("other kinds and rules go on", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"], "Job.batch/etl": ["limit@a", "tag@b"] });
    ledger.lose("Deployment.apps").put("Job.batch/etl", ["tag@b"]).evaluate();
    expect(ledger.news()).toEqual(["Fixed Job.batch/etl limit@a"]);
    expect(ledger.fixed).toBe(1);
  });
});

describe("LEDGER 2.4 nothing of a hole is fixed, adopted or pruned", () => {
  test("a rule that erred fixes nothing", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "tag@b"] });
    ledger.problems = [{ rule: "limit", resource: web, reason: "cannot read" }];
    ledger.put(web).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([`Fixed ${web} tag@b`]);
  });

  test("a resource whose kind is complete is gone, whatever the rule", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.breakRule("service").delete(web).evaluate();
    expect(ledger.rows()).toEqual([]);
    expect(ledger.entries()).toEqual([`absent ${web} service@`]);
  });

  test("what is missing when it ends is fixed then", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").put(web).live(hour);
    expect(ledger.news()).toEqual([]);
    ledger.regain("Deployment.apps").evaluate();
    expect(ledger.news()).toEqual([`Fixed ${web} limit@a`]);
  });

  test("entries are not pruned at the end of settle", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).evaluate();
    const step = ledger.after(hour).lose("Deployment.apps").live(hour);
    expect(step.nextDeadline).toBeUndefined();
    ledger.live(3 * day);
    expect(ledger.entries()).toEqual([`absent ${web} limit@a`]);
  });

  test("a rule is not adopted while its evidence is incomplete, nor is what it finds reported", () => {
    const ledger = ledgerWith({ [web]: [] });
    ledger.breakRule("budget").enable("budget").put(web, ["budget@"]).live(hour);
    expect(ledger.rows()).toEqual([]);
    ledger.mendRule("budget").live(2 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} budget@`]);
    expect(ledger.news()).toEqual([]);
  });
});

describe("LEDGER 2.4 the clock of settle stands still in a hole", () => {
  test("absentSince moves forward by the time that the hole lasted", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(10 * hour);
    ledger.lose("Deployment.apps").live(5 * day);
    ledger.regain("Deployment.apps").evaluate();
    ledger.live(14 * hour - second);
    expect(ledger.entries()).toEqual([`absent ${web} limit@a`]);
    ledger.live(second);
    expect(ledger.entries()).toEqual([]);
  });

  test("also for a hole that the operator did not see the beginning of", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(10 * hour);
    ledger.lose("Deployment.apps").live(day);
    ledger.restart().lose("Deployment.apps").live(day);
    ledger.regain("Deployment.apps").evaluate();
    ledger.live(14 * hour - second);
    expect(ledger.entries()).toEqual([`absent ${web} limit@a`]);
  });

  test("two holes at once count once", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.put(web).live(10 * hour);
    ledger.lose("Deployment.apps").live(hour);
    ledger.breakRule("service").live(hour);
    ledger.regain("Deployment.apps").live(hour);
    ledger.mendRule("service").evaluate();
    ledger.live(14 * hour - second);
    expect(ledger.entries()).toEqual([`absent ${web} service@`]);
    ledger.live(second);
    expect(ledger.entries()).toEqual([]);
  });

  test("back within what is left of settle it is Known again", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(10 * hour);
    ledger.lose("Deployment.apps").live(5 * day);
    ledger.regain("Deployment.apps").evaluate();
    ledger
      .after(13 * hour)
      .put(web, ["limit@a"])
      .evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.fixed).toBe(0);
  });
});

describe("LEDGER 2.4 a kind that is not served counts as empty", () => {
  test("it holds no scan back, and is not unverified", () => {
    const ledger = new SimulatedLedger();
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: false });
    expect(ledger.put(web, ["limit@a"]).evaluate().baselineTaken).toBe(true);
    expect(ledger.report?.unverified).toEqual([]);
    expect(ledger.baseline?.kinds).toContain("Rollout.argoproj.io");
  });

  test("a deleted CRD leaves scope: nothing of it is fixed", () => {
    const rollout = "Rollout.argoproj.io/web";
    const ledger = new SimulatedLedger();
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: true });
    ledger.put(rollout, ["limit@a"]).evaluate();
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: false });
    ledger.delete(rollout).live(2 * day);
    expect(ledger.rows()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
    expect(ledger.entries()).toEqual([`out ${rollout} limit@a`]);
  });

  test("one whose discovery failed is incomplete, so its rows stay", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").delete(web).live(hour);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
  });
});
