import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, type SimulatedLedger, second } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("LEDGER 4.1 a Known entry that is absent under complete evidence counts in FIXED at once", () => {
  test("it gets absentSince and leaves the report", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "tag@b"] });
    ledger.put(web, ["tag@b"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} tag@b`]);
    expect(ledger.baseline?.resources[0]?.entries[0]?.absentSince).toBe(ledger.now);
    expect(ledger.fixed).toBe(1);
  });

  test("of several equal ones only those that are absent", () => {
    const ledger = ledgerWith({ [web]: ["limit@a x3"] });
    ledger.put(web, ["limit@a"]).evaluate();
    expect(ledger.entries()).toEqual([`${web} limit@a`, `absent ${web} limit@a x2`]);
    expect(ledger.fixed).toBe(2);
    expect(ledger.news()).toEqual([`Fixed ${web} limit@a x2`]);
  });

  test.each(["live", "deleted"])("back within settle on a %s resource it is Known again, and FIXED falls", (which) => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    (which === "live" ? ledger.put(web) : ledger.delete(web)).evaluate();
    expect(ledger.fixed).toBe(1);
    ledger.news();
    ledger
      .after(day - second)
      .put(web, ["limit@a"])
      .evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.entries()).toEqual([`${web} limit@a`]);
  });

  test("that is no Event and no message, and the counters stay", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).evaluate();
    ledger.news();
    ledger.after(hour).put(web, ["limit@a"]).evaluate();
    expect(ledger.counters).toEqual({ found: 0, gone: 1 });
    expect(ledger.news()).toEqual([]);
  });

  test("delete and apply during an incident tells nothing at all", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "service@"] });
    ledger.delete(web).evaluate();
    ledger
      .after(minute)
      .put(web, ["limit@a", "service@"])
      .live(3 * day);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} service@`]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
  });

  test("a second absence runs its own settle", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(20 * hour);
    ledger.put(web, ["limit@a"]).evaluate();
    ledger.put(web).live(23 * hour);
    expect(ledger.entries()).toEqual([`absent ${web} limit@a`]);
    expect(ledger.fixed).toBe(1);
  });
});

describe("LEDGER 4.2 after settle the entry is removed", () => {
  test("the ledger asks to be looked at when settle ends", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    expect(ledger.put(web).evaluate().nextDeadline).toBe(ledger.now + day);
  });

  test("FIXED keeps what was removed", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(day);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.fixed).toBe(1);
  });

  test("a return is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(2 * day);
    ledger.news();
    ledger.put(web, ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`]);
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
    expect(ledger.report?.changes[0]?.reason).toBe("Returned");
    expect(ledger.fixed).toBe(1);
  });

  test("also if nobody looked at the ledger when settle ended", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).evaluate();
    ledger.news();
    ledger
      .after(2 * day)
      .restart()
      .put(web, ["limit@a"])
      .evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
    expect(ledger.entries()).toEqual([]);
  });

  test("settle 0s leaves no way back", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] }, { settleMs: 0 });
    ledger.put(web).evaluate();
    expect(ledger.entries()).toEqual([]);
    expect(ledger.news()).toEqual([`Fixed ${web} limit@a`]);
    ledger.after(second).put(web, ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
  });
});

describe("LEDGER 4.3 for a deleted resource the transition waits for the end of settle", () => {
  test("for a live one it is immediate", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).evaluate();
    expect(ledger.told).toMatchObject([{ to: "Fixed", at: ledger.now, ref: web, rule: "limit", reason: "Fixed" }]);
    expect(ledger.counters.gone).toBe(1);
    ledger.news();
    ledger.live(2 * day);
    expect(ledger.news()).toEqual([]);
  });

  test("for a deleted one it is told when settle ends, once", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    expect(ledger.counters.gone).toBe(0);
    ledger.live(day - second);
    expect(ledger.news()).toEqual([]);
    ledger.live(second);
    expect(ledger.news()).toEqual([`Fixed ${web} limit@a`]);
    expect(ledger.report?.changes[0]).toMatchObject({ at: ledger.now, reason: "Removed" });
    expect(ledger.entries()).toEqual([]);
    ledger.live(2 * day);
    expect(ledger.news()).toEqual([]);
  });

  describe("and who answers for it", () => {
    const payments = { owner: "payments", source: "helm:shop" };
    const waiting = () => {
      const ledger = ledgerWith({ [web]: ["limit@a"] });
      ledger.put(web, ["limit@a"], { ownership: payments }).evaluate();
      ledger.delete(web).evaluate();
      return ledger;
    };

    test("is told with it, though nothing else remembers, also after a restart", () => {
      const ledger = waiting();
      ledger.restart().live(day);
      expect(ledger.report?.changes[0]).toMatchObject({ to: "Fixed", ref: web, ...payments });
    });

    test("stands in the Baseline while it waits, and no longer", () => {
      const ledger = waiting();
      expect(ledger.baseline?.resources).toMatchObject([{ ref: web, ...payments }]);
      ledger.after(hour).put(web, ["limit@a"], { ownership: payments }).evaluate();
      expect(Object.keys(ledger.baseline?.resources[0] ?? {}).sort()).toEqual(["entries", "ref", "shape"]);
    });

    test("costs no write once it stands there", () => {
      const ledger = waiting();
      ledger.writes.length = 0;
      ledger.live(day - second);
      expect(ledger.writes).toEqual([]);
    });
  });

  test("if it comes back without the violation, it is told then, once", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    ledger.after(hour).put(web).evaluate();
    expect(ledger.news()).toEqual([`Fixed ${web} limit@a`]);
    ledger.live(3 * day);
    expect(ledger.news()).toEqual([]);
    expect(ledger.entries()).toEqual([]);
  });

  test("a resource that is deleted after it was fixed tells nothing more", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).evaluate();
    ledger.news();
    ledger
      .after(hour)
      .delete(web)
      .live(3 * day);
    expect(ledger.news()).toEqual([]);
    expect(ledger.fixed).toBe(1);
  });

  test("more of them than a report lists are all told", () => {
    const names = Array.from({ length: 450 }, (_, at) => `Deployment.apps/web-${at}`);
    const ledger = ledgerWith(Object.fromEntries(names.map((name) => [name, ["limit@a"]])));
    ledger.delete(...names).evaluate();
    for (ledger.after(day); ledger.entries().length > 0; ) {
      ledger.store(ledger.decide(), "both");
      expect(ledger.report?.changes.length).toBeLessThanOrEqual(200);
    }
    expect(new Set(ledger.news()).size).toBe(450);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.fixed).toBe(450);
  });
});

describe("LEDGER 4.4 a New row that goes is no FIXED", () => {
  test.each(["live", "deleted"])("on a %s resource it is told at once and counted, but not in FIXED", (which) => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a x2"]).evaluate();
    ledger.news();
    (which === "live" ? ledger.put(web) : ledger.delete(web)).evaluate();
    expect(ledger.news()).toEqual([`Gone ${web} limit@a x2`]);
    expect(ledger.counters.gone).toBe(2);
    expect(ledger.fixed).toBe(0);
    expect(ledger.baseline?.fixed).toBe(0);
  });

  test("FIXED counts what is absent and what was removed, since takenAt", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "limit@b"], [api]: ["limit@a"] });
    ledger.put(web, ["limit@b"]).live(2 * day);
    ledger.delete(api).evaluate();
    expect(ledger.fixed).toBe(2);
    expect(ledger.baseline?.fixed).toBe(2);
  });

  test("the number lives in the Baseline", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web).live(2 * day);
    ledger.reports = [];
    ledger.restart().evaluate();
    expect(ledger.fixed).toBe(1);
  });
});

describe("LEDGER 5.2 a generated family counts as one resource", () => {
  const build = "Job.batch/build-*";

  test("its count is what the evidence says of its live siblings", () => {
    const ledger = ledgerWith({ [build]: ["limit@a x2"] });
    const step = ledger.put(build, ["limit@a x2"]).evaluate();
    expect(step.counts).toMatchObject({ resources: 1, known: 2 });
  });
});

describe("LEDGER 5.3 the absence of a generated family proves nothing", () => {
  const build = "Job.batch/build-*";
  const idle = (): SimulatedLedger => {
    const ledger = ledgerWith({ [build]: ["limit@a", "tag@b"] });
    ledger.delete(build).evaluate();
    return ledger;
  };

  test("its entries are neither fixed nor counted, but stay admissible", () => {
    const ledger = idle();
    ledger.live(29 * day);
    expect(ledger.rows()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
    ledger.put(build, ["limit@a", "tag@b"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${build} limit@a`, `Known ${build} tag@b`]);
    expect(ledger.news()).toEqual([]);
  });

  test("an entry is fixed when a live sibling lacks it, and that is told", () => {
    const ledger = idle();
    ledger.after(hour).put(build, ["tag@b"]).evaluate();
    expect(ledger.fixed).toBe(1);
    expect(ledger.news()).toEqual([`Fixed ${build} limit@a`]);
    ledger.live(3 * day);
    expect(ledger.news()).toEqual([]);
    expect(ledger.entries()).toEqual([`${build} tag@b`]);
  });

  test("30 days after the last sibling they go silently", () => {
    const ledger = idle();
    ledger.live(30 * day);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
  });

  test("every run starts the 30 days again", () => {
    const ledger = idle();
    ledger.live(29 * day);
    ledger.put(build, ["limit@a", "tag@b"]).evaluate();
    ledger
      .after(hour)
      .delete(build)
      .live(29 * day);
    expect(ledger.entries()).toEqual([`idle ${build} limit@a`, `idle ${build} tag@b`]);
  });

  test("a New violation of a job is told once, not with every run", () => {
    const ledger = ledgerWith({});
    for (let run = 0; run < 5; run++) {
      ledger.put(build, ["limit@a"]).evaluate();
      expect(ledger.rows()).toEqual([`New ${build} limit@a`]);
      ledger
        .after(10 * minute)
        .delete(build)
        .evaluate();
      expect(ledger.rows()).toEqual([]);
      ledger.after(5 * hour);
    }
    expect(ledger.news()).toEqual([`New ${build} limit@a`]);
  });

  test("between two runs a New violation shows nowhere, also not while its kind cannot be read", () => {
    const ledger = ledgerWith({});
    ledger.put(build, ["limit@a"]).evaluate();
    ledger.delete(build).evaluate();
    ledger.lose("Job.batch").live(hour);
    expect(ledger.rows()).toEqual([]);
  });

  test("a live sibling that lacks it ends it, and a return is told again", () => {
    const ledger = ledgerWith({});
    ledger.put(build, ["limit@a"]).evaluate();
    ledger.after(minute).delete(build).evaluate();
    ledger.after(minute).put(build).evaluate();
    expect(ledger.news()).toEqual([`Gone ${build} limit@a`, `New ${build} limit@a`]);
    ledger.after(minute).put(build, ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual([`New ${build} limit@a`]);
  });
});
