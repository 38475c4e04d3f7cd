import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, second } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const shop = "Deployment.apps/shop";
const shape = `shape of ${web}`;

describe("LEDGER 6.1 matching is by fingerprint, as a multiset", () => {
  test("what else changes on a resource changes nothing", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x", "tag@c[name=a].image#nginx"] });
    ledger.put(web, ["tag@c[name=a].image#nginx", "limit@c[name=a].x"], { shape: "another" }).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@c[name=a].x`, `Known ${web} tag@c[name=a].image#nginx`]);
    expect(ledger.news()).toEqual([]);
  });

  test("a new bad element beside a bad one is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x"] });
    ledger.put(web, ["limit@c[name=a].x", "limit@c[name=b].x"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@c[name=b].x`]);
  });
});

describe("LEDGER 6.2 (a) the same resource, the path but for one merge key, the old element gone", () => {
  test("it is Known and moved, without an Event, and the new name replaces the old", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x", "tag@c[name=a].image#nginx"] });
    ledger.put(web, ["limit@c[name=b].x", "tag@c[name=b].image#nginx"]).evaluate();
    expect(ledger.rows()).toEqual([
      `Known moved ${web} limit@c[name=b].x`,
      `Known moved ${web} tag@c[name=b].image#nginx`,
    ]);
    expect(ledger.entries()).toEqual([`${web} limit@c[name=b].x`, `${web} tag@c[name=b].image#nginx`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.fixed).toBe(0);
  });

  test("an element inside it goes along", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].ports[port=80].x"] });
    ledger.put(web, ["limit@c[name=b].ports[port=80].x"]).evaluate();
    expect(ledger.rows()).toEqual([`Known moved ${web} limit@c[name=b].ports[port=80].x`]);
  });

  test("not while the old element is there: it was fixed, and the other is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x"] });
    ledger.put(web, ["limit@c[name=b].x"], { elements: ["c[name=a]"] }).evaluate();
    expect(ledger.news()).toEqual([`Fixed ${web} limit@c[name=a].x`, `New ${web} limit@c[name=b].x`]);
  });

  test.each([
    ["two merge keys", "limit@c[name=b].ports[port=81].x"],
    ["another field", "limit@c[name=b].y"],
    ["another rule", "root@c[name=b].x"],
    ["another value class", "limit@c[name=b].x#redis"],
  ])("not for %s", (_, violation) => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].ports[port=80].x", "limit@c[name=a].x"] });
    ledger.put(web, [violation]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} ${violation}`]);
  });

  test("one to one: what comes on top is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x"] });
    ledger.put(web, ["limit@c[name=b].x", "limit@c[name=z].x"]).evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@c[name=z].x`, `Known moved ${web} limit@c[name=b].x`]);
  });

  test("what was fixed in between moves all the same, and FIXED falls", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x"] });
    ledger.put(web).evaluate();
    expect(ledger.fixed).toBe(1);
    ledger.after(hour).put(web, ["limit@c[name=b].x"]).evaluate();
    expect(ledger.rows()).toEqual([`Known moved ${web} limit@c[name=b].x`]);
    expect(ledger.fixed).toBe(0);
  });

  test("not after settle", () => {
    const ledger = ledgerWith({ [web]: ["limit@c[name=a].x"] });
    ledger.put(web).live(day);
    ledger.news();
    ledger.put(web, ["limit@c[name=b].x"]).evaluate();
    expect(ledger.news()).toEqual([`New ${web} limit@c[name=b].x`]);
  });

  test("what still waits moves at once, so that nothing shows in between", () => {
    const ledger = ledgerWith({ [web]: ["service@c[name=a]"] });
    ledger.put(web, ["service@c[name=b]"]).evaluate();
    expect(ledger.rows()).toEqual([`Known moved ${web} service@c[name=b]`]);
    expect(ledger.fixed).toBe(0);
    ledger.live(hour);
    expect(ledger.news()).toEqual([]);
  });
});

describe("LEDGER 6.2 (b) the same rule, kind and path and equal shape, the old resource gone", () => {
  test("it is Known and moved, without an Event, and name and shape replace the old", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "tag@b"] });
    ledger
      .delete(web)
      .put(shop, ["limit@a", "tag@b"], { shape })
      .live(3 * day);
    expect(ledger.rows()).toEqual([`Known moved ${shop} limit@a`, `Known moved ${shop} tag@b`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.baseline?.resources).toMatchObject([{ ref: shop, shape }]);
  });

  test("the date of its acceptance stays", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    const since = ledger.report?.violating[0]?.rows[0]?.since;
    ledger.delete(web).put(shop, ["limit@a"], { shape }).evaluate();
    expect(ledger.report?.violating[0]?.rows[0]?.since).toBe(since);
  });

  test("also if the old one goes up to 10 minutes after the new one was reported", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(shop, ["limit@a"], { shape }).evaluate();
    ledger
      .after(10 * minute)
      .restart()
      .delete(web)
      .evaluate();
    expect(ledger.rows()).toEqual([`Known moved ${shop} limit@a`]);
    expect(ledger.told.filter(({ to }) => to === "Known")).toMatchObject([{ ref: shop, reason: "Moved" }]);
    expect(ledger.fixed).toBe(0);
  });

  test("not later than that", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(shop, ["limit@a"], { shape }).evaluate();
    ledger
      .after(10 * minute + second)
      .delete(web)
      .evaluate();
    expect(ledger.rows()).toEqual([`New ${shop} limit@a`]);
    expect(ledger.fixed).toBe(1);
  });

  test("also if the new one comes after the old one went, within settle", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    ledger
      .after(hour)
      .put(shop, ["limit@a"], { shape })
      .live(3 * day);
    expect(ledger.rows()).toEqual([`Known moved ${shop} limit@a`]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.news()).toEqual([]);
  });

  test.each([
    ["another shape", shop, "limit@a", "other", false],
    ["another kind", "Job.batch/shop", "limit@a", shape, false],
    ["another rule", shop, "root@a", shape, false],
    ["another path", shop, "limit@b", shape, false],
    ["another value class", shop, "limit@a#x", shape, false],
    ["an old resource that is still there", shop, "limit@a", shape, true],
  ])("not for %s", (_, ref, violation, itsShape, stays) => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    if (!stays) ledger.delete(web);
    ledger.put(ref, [violation], { shape: itsShape }).evaluate();
    expect(ledger.news()).toContain(`New ${ref} ${violation}`);
  });

  test("not from a resource that only left scope", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a"], { outOfScope: true }).put(shop, ["limit@a"], { shape }).evaluate();
    expect(ledger.news()).toEqual([`New ${shop} limit@a`]);
  });

  test("not while the old one's kind is incomplete", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.lose("Deployment.apps").delete(web).put(shop, ["limit@a"], { shape }).evaluate();
    expect(ledger.rows()).toEqual([`New ${shop} limit@a`, `Known ${web} limit@a`]);
  });

  test("one to one, in the order of names, whoever comes first", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger
      .delete(web)
      .put("Deployment.apps/z", ["limit@a"], { shape })
      .put("Deployment.apps/b", ["limit@a"], { shape });
    ledger.evaluate();
    expect(ledger.rows()).toEqual(["Known moved Deployment.apps/b limit@a", "New Deployment.apps/z limit@a"]);
  });

  test("what still waits moves at once, so that nothing shows in between", () => {
    const ledger = ledgerWith({ [web]: ["service@"] });
    ledger.delete(web).put(shop, ["service@"], { shape }).evaluate();
    expect(ledger.rows()).toEqual([`Known moved ${shop} service@`]);
    ledger.live(hour);
    expect(ledger.news()).toEqual([]);
    expect(ledger.fixed).toBe(0);
  });

  test("the shape is the last one seen", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a"], { shape: "second" }).evaluate();
    ledger.delete(web).put(shop, ["limit@a"], { shape: "second" }).evaluate();
    expect(ledger.rows()).toEqual([`Known moved ${shop} limit@a`]);
  });
});
