import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, SimulatedLedger, second, start } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("LEDGER 3.1 the baseline is taken at the first scan, silently", () => {
  test("everything that is there is Known, and nothing is told", () => {
    const ledger = new SimulatedLedger();
    const step = ledger.put(web, ["limit@a", "tag@b"]).put(api).evaluate();
    expect(step.baselineTaken).toBe(true);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} tag@b`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.adopted()).toEqual([]);
    expect(ledger.report?.summary).toMatchObject({ resources: 2, new: 0, known: 2, fixed: 0, high: 1, medium: 1 });
  });

  test("takenAt is the moment, and the report says it too", () => {
    const ledger = new SimulatedLedger();
    ledger.evaluate();
    expect(ledger.baseline?.takenAt).toBe(start);
    expect(ledger.report?.baselineTakenAt).toBe(start);
  });

  test("it is taken once", () => {
    const ledger = new SimulatedLedger();
    ledger.evaluate();
    expect(ledger.after(hour).evaluate().baselineTaken).toBe(false);
    expect(ledger.baseline?.takenAt).toBe(start);
  });

  test("what inventory rules find is adopted once it has held, and announced to nobody", () => {
    const ledger = new SimulatedLedger();
    ledger.put(web, ["service@"]).evaluate();
    expect(ledger.rows()).toEqual([]);
    expect(ledger.baseline?.rules.has("service")).toBe(false);
    ledger.after(minute).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} service@`]);
    expect(ledger.baseline?.rules.has("service")).toBe(true);
    expect(ledger.news()).toEqual([]);
    expect(ledger.adopted()).toEqual([]);
  });

  test("what an inventory rule finds after its first pass is New", () => {
    const ledger = new SimulatedLedger();
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(30 * second)
      .put(api, ["service@"])
      .evaluate();
    ledger.live(5 * minute);
    expect(ledger.rows()).toEqual([`New ${api} service@`, `Known ${web} service@`]);
    expect(ledger.news()).toEqual([`New ${api} service@`]);
  });

  test("also if both have held when the ledger is looked at again", () => {
    const ledger = new SimulatedLedger();
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(30 * second)
      .put(api, ["service@"])
      .evaluate();
    ledger.after(5 * minute).evaluate();
    expect(ledger.rows()).toEqual([`New ${api} service@`, `Known ${web} service@`]);
  });

  test("a restart before they have held starts their first pass again", () => {
    const ledger = new SimulatedLedger();
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(30 * second)
      .restart()
      .evaluate();
    ledger.after(30 * second).evaluate();
    expect(ledger.rows()).toEqual([]);
    ledger.after(30 * second).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} service@`]);
  });

  test("what a first pass saw and did not hold is not adopted", () => {
    const ledger = new SimulatedLedger();
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(30 * second)
      .put(web)
      .evaluate();
    ledger.after(second).put(web, ["service@"]).evaluate();
    ledger.live(5 * minute);
    expect(ledger.rows()).toEqual([`New ${web} service@`]);
  });
});

describe("LEDGER 3.2 there is a Baseline per ledger from then on", () => {
  test("also with no entry", () => {
    const ledger = new SimulatedLedger();
    ledger.evaluate();
    expect(ledger.baseline).toMatchObject({ resources: [], fixed: 0 });
    expect(ledger.writes).toEqual(["Baseline production.ns.shop", "ScanReport production"]);
  });

  test("it holds takenAt, the kinds, each rule's revision and parameters, and FIXED", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).evaluate();
    expect(ledger.baseline).toMatchObject({
      takenAt: start,
      kinds: ["Deployment.apps", "Job.batch", "Service"],
      fixed: 1,
      match: { clusterResources: "Auto" },
    });
    expect([...(ledger.baseline?.rules ?? [])]).toEqual(
      ["limit", "root", "service", "tag"].map((id) => [id, { revision: 1, params: "p1" }]),
    );
  });
});

describe("LEDGER 3.3 a kind that had a hole is adopted when it is first readable", () => {
  test("what it has then is Known", () => {
    const ledger = new SimulatedLedger();
    ledger.lose("Deployment.apps").put(api, ["limit@a"]).evaluate();
    expect(ledger.baseline?.kinds).toEqual(["Job.batch", "Service"]);
    expect(ledger.rows()).toEqual([]);
    ledger.live(hour);
    ledger.regain("Deployment.apps").put(web, ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${api} limit@a`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.baseline?.kinds).toContain("Deployment.apps");
  });

  test("what comes after that is New", () => {
    const ledger = new SimulatedLedger();
    ledger.lose("Deployment.apps").evaluate();
    ledger.after(hour).regain("Deployment.apps").evaluate();
    ledger.after(hour).put(web, ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
  });

  test("what inventory rules find on it is adopted once it has held", () => {
    const ledger = new SimulatedLedger();
    ledger.lose("Deployment.apps").evaluate();
    ledger.live(hour);
    ledger
      .regain("Deployment.apps")
      .put(web, ["service@"])
      .live(5 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} service@`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.adopted()).toEqual([]);
  });

  test("a kind that was not served then and is now: its violations are New", () => {
    const ledger = new SimulatedLedger();
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: false });
    ledger.evaluate();
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: true });
    ledger.after(hour).put("Rollout.argoproj.io/web", ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual(["New Rollout.argoproj.io/web limit@a"]);
  });

  test("so are those of a kind that was installed under a pattern of the match", () => {
    const ledger = ledgerWith({});
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: true });
    ledger.put("Rollout.argoproj.io/web", ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual(["New Rollout.argoproj.io/web limit@a"]);
  });
});

describe("LEDGER 3.4 what a newly enabled rule finds is adopted at its first complete pass", () => {
  test("it is Known, with RuleAdopted in place of single transitions", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] }, { rules: new Map() });
    ledger.enable("limit").put(api, ["limit@a", "limit@b x2"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${api} limit@a`, `Known ${api} limit@b x2`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.adopted()).toEqual([{ rule: "limit", at: ledger.now, violations: 4, resources: 2 }]);
  });

  test("its Known rows are dated by the adoption", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] }, { rules: new Map() });
    ledger.enable("limit").evaluate();
    expect(ledger.report?.violating[0]?.rows[0]?.since).toBe(ledger.now);
  });

  test("an inventory rule is adopted after 60 s, and told of once", () => {
    const ledger = ledgerWith({ [web]: ["budget@"] });
    ledger.enable("budget").evaluate();
    expect(ledger.rows()).toEqual([]);
    ledger.live(10 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} budget@`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.adopted()).toEqual([{ rule: "budget", at: ledger.now - 9 * minute, violations: 1, resources: 1 }]);
  });

  test.each([{ revision: 2 }, { params: "p2" }])("so is what a rule finds after a change to %o", (change) => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.enable("limit", change).put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} limit@b`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.adopted()).toEqual([{ rule: "limit", at: ledger.now, violations: 1, resources: 1 }]);
    expect(ledger.baseline?.rules.get("limit")).toMatchObject(change);
  });

  test("only once: what comes later is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.enable("limit", { revision: 2 }).evaluate();
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@b`]);
  });

  test("what it would find of a kind that cannot be read is adopted when it can be", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").live(hour);
    ledger.enable("budget").enable("tag", { revision: 2 }).live(hour);
    ledger.regain("Deployment.apps").put(web, ["limit@a", "tag@b"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} tag@b`]);
    expect(ledger.news()).toEqual([]);
  });

  test("a hole starts the first pass of an inventory rule again", () => {
    const ledger = ledgerWith({ [web]: ["budget@"] });
    ledger.enable("budget").evaluate();
    ledger
      .after(30 * second)
      .breakRule("budget")
      .put(web)
      .live(hour);
    ledger.mendRule("budget").put(web, ["budget@"]).put(api, ["budget@"]).live(hour);
    expect(ledger.rows()).toEqual([`Known ${api} budget@`, `Known ${web} budget@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("a row that was New stays New", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"]).evaluate();
    const since = ledger.now;
    ledger.news();
    ledger.after(hour).enable("limit", { revision: 2 }).put(web, ["limit@a x3"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`, `Known ${web} limit@a x2`]);
    expect(ledger.report?.violating[0]?.rows[0]?.since).toBe(since);
    expect(ledger.news()).toEqual([]);
  });

  test("entries that vanish through the change are dropped, uncounted and unannounced", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "limit@b"] });
    ledger.enable("limit", { revision: 2 }).put(web, ["limit@b"]).evaluate();
    expect(ledger.entries()).toEqual([`${web} limit@b`]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
  });

  test("so are New rows, and those of inventory rules", () => {
    const ledger = ledgerWith({ [web]: ["service@a"] });
    ledger.put(api, ["limit@a"]).evaluate();
    ledger.news();
    ledger
      .enable("limit", { revision: 2 })
      .enable("service", { revision: 2 })
      .put(api)
      .put(web)
      .live(10 * minute);
    expect(ledger.rows()).toEqual([]);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
  });

  test("what was deleted before the change is fixed as ever", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    ledger.enable("limit", { revision: 2 }).live(2 * day);
    expect(ledger.news()).toEqual([`Fixed ${web} limit@a`]);
  });

  test("severity and texts are no change", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger
      .enable("limit", { severity: "Critical", message: "Use our limit" })
      .put(web, ["limit@a", "limit@b"])
      .evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@b`]);
    expect(ledger.report?.rules.get("limit")).toMatchObject({ severity: "Critical", message: "Use our limit" });
  });
});

describe("LEDGER 3.5 what an edit of the policy brings into scope is adopted", () => {
  test("what the match of before would not have judged is Known", () => {
    const ledger = ledgerWith({});
    ledger.editMatch({ objectSelector: {} }).put(web, ["limit@a"], { inPreviousScope: false }).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.baseline?.match).toEqual({ clusterResources: "Auto", objectSelector: {} });
  });

  test("what inventory rules find there is adopted once it has held", () => {
    const ledger = ledgerWith({});
    ledger.editMatch({ objectSelector: {} }).put(web, ["service@"], { inPreviousScope: false }).evaluate();
    ledger
      .restart()
      .put(web, ["service@"])
      .live(5 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("what cannot be read at that time is adopted when it can be", () => {
    const ledger = ledgerWith({});
    ledger.lose("Deployment.apps").live(hour);
    ledger.editMatch({ objectSelector: {} }).live(hour);
    ledger.regain("Deployment.apps").put(web, ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
  });

  test.each([
    ["long", hour],
    ["a moment", 10 * second],
  ])("so is what a rule would find there whose evidence is incomplete for %s", (_, span) => {
    const ledger = ledgerWith({});
    ledger.breakRule("service").live(span);
    ledger.editMatch({ objectSelector: {} }).put(web, [], { inPreviousScope: false }).evaluate();
    ledger
      .after(span)
      .mendRule("service")
      .put(web, ["service@"])
      .live(5 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("so is what a kind has that comes into scope", () => {
    const ledger = ledgerWith({});
    ledger.kinds.set("Rollout.argoproj.io", { state: "complete", served: true });
    ledger
      .editMatch({ kinds: ["Rollout.argoproj.io"] })
      .put("Rollout.argoproj.io/web", ["limit@a"])
      .evaluate();
    expect(ledger.rows()).toEqual(["Known Rollout.argoproj.io/web limit@a"]);
  });

  test("what was judged before is not: its new violations are New", () => {
    const ledger = ledgerWith({});
    ledger.editMatch({ objectSelector: {} }).put(web, ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
  });

  test("what an object's own change brings into scope is New", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"], { outOfScope: true }).evaluate();
    ledger.after(hour).put(web, ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
  });
});

describe("LEDGER 3.6 a namespace is adopted if it is older than the policy's baseline", () => {
  const born = (createdAt: number, newNamespaces: "Empty" | "Adopt") => {
    const ledger = new SimulatedLedger({ baselineTakenAt: start - day, newNamespaces });
    ledger.namespace = { name: "shop", createdAt };
    return ledger.put(web, ["limit@a", "service@"]);
  };

  test("an older one is adopted the first time it is in scope", () => {
    const ledger = born(start - 2 * day, "Empty");
    ledger.live(5 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("a younger one starts with no entries: all in it is New", () => {
    const ledger = born(start - hour, "Empty");
    const step = ledger.evaluate();
    expect(step).toMatchObject({ baselineTaken: true, writeOrder: "report-first" });
    expect(ledger.baseline?.resources).toEqual([]);
    expect([...(ledger.baseline?.rules.keys() ?? [])].sort()).toEqual(["limit", "root", "service", "tag"]);
    ledger.live(5 * minute);
    expect(ledger.rows()).toEqual([`New ${web} limit@a`, `New ${web} service@`]);
    expect(ledger.news()).toEqual([`New ${web} limit@a`, `New ${web} service@`]);
  });

  test("one of the very second of the baseline counts as older: the API server tells whole seconds", () => {
    const ledger = born(start - day, "Empty");
    ledger.live(5 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} service@`]);
  });

  test("with newNamespaces: Adopt a younger one is adopted, too", () => {
    const ledger = born(start - hour, "Adopt");
    ledger.live(5 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("cluster-scoped resources are adopted", () => {
    const ledger = new SimulatedLedger({ baselineTakenAt: start - day });
    ledger.namespace = undefined;
    ledger.put("Service/x", ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual(["Known Service/x limit@a"]);
    expect(ledger.writes).toEqual(["Baseline production.cluster", "ClusterScanReport production"]);
  });
});
