import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, second, start } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";

describe("LEDGER 2.1 New is in excess of the baseline count, Known is covered by it", () => {
  test("what the baseline covers is Known and what comes on top is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@b`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([`New ${web} limit@b`]);
  });

  test("of equal ones the newest are New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a x2"] });
    ledger.put(web, ["limit@a x3"]).evaluate();
    const first = ledger.now;
    ledger.after(hour).put(web, ["limit@a x5"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`, `New ${web} limit@a x2`, `Known ${web} limit@a x2`]);
    expect(ledger.report?.violating[0]?.rows.map(({ since }) => since)).toEqual([first, first + hour, start]);
  });

  test("of equal ones the newest go first", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a x2"]).evaluate();
    const first = ledger.now;
    ledger.after(hour).put(web, ["limit@a x3"]).evaluate();
    ledger.after(hour).put(web, ["limit@a x2"]).evaluate();
    expect(ledger.report?.violating[0]?.rows).toMatchObject([{ state: "New", since: first }, { state: "Known" }]);
  });

  test("what was accepted first is Known for longest", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.enable("limit", { revision: 2 }).put(web, ["limit@a x2"]).evaluate();
    expect(ledger.report?.violating[0]?.rows.map(({ since }) => since)).toEqual([start, ledger.now]);
    ledger.put(web, ["limit@a"]).evaluate();
    expect(ledger.report?.violating[0]?.rows.map(({ since }) => since)).toEqual([start]);
  });

  test("a value class tells violations at one place apart", () => {
    const ledger = ledgerWith({ [web]: ["tag@image#nginx"] });
    ledger.put(web, ["tag@image#redis"], { elements: ["image"] }).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} tag@image#redis`]);
  });

  test("the flag moved stands on Known alone", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x"] });
    ledger.put(web, ["limit@c[name=b].x", "limit@d"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@d`, `Known moved ${web} limit@c[name=b].x`]);
  });
});

describe("LEDGER 2.2 New never ages into Known", () => {
  test("it is New for as long as it is there", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"]).evaluate();
    const since = ledger.now;
    ledger.live(200 * day);
    expect(ledger.rows()).toEqual([`New ${web} limit@a`]);
    expect(ledger.report?.violating[0]?.rows[0]?.since).toBe(since);
  });

  test("it ends by being gone", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"]).evaluate();
    ledger.put(web).evaluate();
    expect(ledger.rows()).toEqual([]);
    expect(ledger.news()).toEqual([`Gone ${web} limit@a`, `New ${web} limit@a`]);
  });

  test("it ends by acceptance: an entry that a person adds to the Baseline", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    ledger.news();
    ledger.baselines = ledger.baselines.map((object) => ({
      ...object,
      resources: [{ ref: web, entries: [{ rule: "limit", path: "a" }] }],
    }));
    ledger.evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@b`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([`Known ${web} limit@a`]);
  });

  test("it ends by turning out to be a move", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    const shape = `shape of ${web}`;
    ledger.put("Deployment.apps/shop", ["limit@a"], { shape }).evaluate();
    ledger.after(minute).delete(web).evaluate();
    expect(ledger.rows()).toEqual([`Known moved Deployment.apps/shop limit@a`]);
    expect(ledger.news()).toEqual(["Known Deployment.apps/shop limit@a", "New Deployment.apps/shop limit@a"]);
  });
});

describe("LEDGER 2.3 an inventory violation is pending for 60 s", () => {
  test("it is neither reported nor counted nor announced before it has held for 60 s", () => {
    const ledger = ledgerWith({});
    const step = ledger.put(web, ["service@"]).evaluate();
    expect(ledger.rows()).toEqual([]);
    expect(step.counts).toMatchObject({ new: 0, resources: 1 });
    expect(ledger.news()).toEqual([]);
    expect(step.nextDeadline).toBe(ledger.now + minute);
    ledger.after(minute - second).evaluate();
    expect(ledger.rows()).toEqual([]);
  });

  test("it is New once it has held, since it was first seen", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["service@"]).evaluate();
    const since = ledger.now;
    ledger.after(minute).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} service@`]);
    expect(ledger.news()).toEqual([`New ${web} service@`]);
    expect(ledger.report?.violating[0]?.rows[0]?.since).toBe(since);
  });

  test("a break starts the clock again", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(40 * second)
      .put(web)
      .evaluate();
    ledger.after(second).put(web, ["service@"]).evaluate();
    ledger.after(40 * second).evaluate();
    expect(ledger.rows()).toEqual([]);
    ledger.after(20 * second).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} service@`]);
  });

  test("one apply that creates a Deployment before its Service shows nothing, ever", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(5 * second)
      .put(web)
      .put("Service/web")
      .evaluate();
    ledger.live(hour);
    expect(ledger.rows()).toEqual([]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.fixed).toBe(0);
  });

  test("a second equal one waits for itself", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["service@"]).evaluate();
    ledger
      .after(30 * second)
      .put(web, ["service@ x2"])
      .evaluate();
    ledger.after(30 * second).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} service@`]);
    ledger.after(30 * second).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} service@`, `New ${web} service@`]);
  });

  test("a restart makes nothing disappear that was reported", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.put("Deployment.apps/api", ["service@"]).live(2 * minute);
    const rows = ledger.rows();
    expect(rows).toEqual(["New Deployment.apps/api service@", `Known ${web} service@`]);
    ledger.restart().evaluate();
    expect(ledger.rows()).toEqual(rows);
  });

  test("what was reported as Known does not wait where its entry was taken away", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.baselines = ledger.baselines.map((object) => ({ ...object, resources: [] }));
    ledger.restart().evaluate();
    expect(ledger.rows()).toEqual([`New ${web} service@`]);
    expect(ledger.report?.violating[0]?.rows[0]?.since).toBe(start + minute);
  });

  test("resource rules have no delay", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`]);
  });

  test("what was fixed and comes back for a moment is not taken back", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.put(web).evaluate();
    ledger.after(hour).put(web, ["service@"]).evaluate();
    expect(ledger.fixed).toBe(1);
    ledger.after(second).put(web).evaluate();
    expect(ledger.news()).toEqual([`Fixed ${web} service@`]);
    expect(ledger.fixed).toBe(1);
  });

  test("what came back before settle ended is Known, although it ended while it waited", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.put(web).evaluate();
    ledger.live(day - 30 * second);
    ledger.put(web, ["service@"]).live(2 * minute);
    expect(ledger.rows()).toEqual([`Known ${web} service@`]);
    expect(ledger.fixed).toBe(0);
  });
});
