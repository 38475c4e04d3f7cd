import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, SimulatedLedger } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("LEDGER 9 mode Off: everything is New", () => {
  test("from the first scan on, which announces nothing, also not what had to hold first", () => {
    const ledger = new SimulatedLedger({ mode: "Off" });
    ledger.put(web, ["limit@a", "service@"]).live(hour);
    expect(ledger.rows()).toEqual([`New ${web} limit@a`, `New ${web} service@`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.baseline).toBeUndefined();
    expect(ledger.report?.baselineTakenAt).toBeUndefined();
  });

  test("afterwards what comes and goes is announced", () => {
    const ledger = new SimulatedLedger({ mode: "Off" });
    ledger.put(web, ["limit@a"]).evaluate();
    ledger.after(hour).put(web, ["limit@b", "service@"]).live(hour);
    expect(ledger.news()).toEqual([`Gone ${web} limit@a`, `New ${web} limit@b`, `New ${web} service@`]);
  });

  test("the scan that switches to it announces nothing", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "service@"] });
    ledger.editPolicy({ mode: "Off" }).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`, `New ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("nor is anything of it announced later, when it has held", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.editPolicy({ mode: "Off" }).put(api, ["limit@a", "service@"]).live(hour);
    expect(ledger.rows()).toEqual([`New ${api} limit@a`, `New ${api} service@`, `New ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
  });

  test("no Baseline is written or deleted", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    const before = ledger.baselines;
    ledger
      .editPolicy({ mode: "Off" })
      .put(web)
      .put(api, ["limit@a"])
      .live(40 * day);
    expect(ledger.baselines).toEqual(before);
  });

  test("in a hole rows stay", () => {
    const ledger = new SimulatedLedger({ mode: "Off" });
    ledger.put(web, ["limit@a"]).evaluate();
    ledger.lose("Deployment.apps").delete(web).live(hour);
    expect(ledger.rows()).toEqual([`New ${web} limit@a`]);
    expect(ledger.report?.unverified).toEqual(["Deployment.apps"]);
  });
});

describe("LEDGER 9 back to Ratchet takes the old Baseline up", () => {
  test("what it holds is Known, and the scan that switches announces nothing", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger
      .editPolicy({ mode: "Off" })
      .put(api, ["limit@a"])
      .live(40 * day);
    ledger.editPolicy({ mode: "Ratchet" }).put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${api} limit@a`, `New ${web} limit@b`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
  });

  test("what was fixed meanwhile counts, but is not announced", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"], [api]: ["limit@a"] });
    ledger.editPolicy({ mode: "Off" }).put(web).delete(api).live(hour);
    ledger.news();
    ledger.editPolicy({ mode: "Ratchet" }).live(3 * day);
    expect(ledger.fixed).toBe(2);
    expect(ledger.news()).toEqual([]);
  });

  test("nor is what was to be announced when settle ended", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    ledger.editPolicy({ mode: "Off" }).live(2 * day);
    ledger.editPolicy({ mode: "Ratchet" }).live(2 * day);
    expect(ledger.news()).toEqual([]);
    expect(ledger.entries()).toEqual([]);
  });

  test("what was New of a generated name in the other mode is not said to be gone in this one", () => {
    const build = "Job.batch/build-*";
    const ledger = new SimulatedLedger({ mode: "Off" });
    ledger.evaluate();
    ledger.put(build, ["limit@c[name=a].x"]).evaluate();
    expect(ledger.news()).toEqual([`New ${build} limit@c[name=a].x`]);
    ledger.editPolicy({ mode: "Ratchet" }).evaluate();
    ledger.put(build, ["limit@c[name=b].x"]).live(hour);
    expect(ledger.rows()).toEqual([`Known moved ${build} limit@c[name=b].x`]);
    expect(ledger.news()).toEqual([]);
  });

  test("a rule that was enabled meanwhile is adopted, although all its rows were New", () => {
    const ledger = ledgerWith({ [web]: ["budget@"] });
    ledger.editPolicy({ mode: "Off" }).enable("budget").live(hour);
    expect(ledger.rows()).toEqual([`New ${web} budget@`]);
    ledger.editPolicy({ mode: "Ratchet" }).live(2 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} budget@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("where there is none the baseline is taken", () => {
    const ledger = new SimulatedLedger({ mode: "Off" });
    ledger.put(web, ["limit@a", "service@"]).live(hour);
    const step = ledger.editPolicy({ mode: "Ratchet" }).evaluate();
    expect(step.baselineTaken).toBe(true);
    ledger.live(hour);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });
});
