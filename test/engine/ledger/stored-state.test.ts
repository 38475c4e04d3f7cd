import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { day, hour, ledgerWith, minute, SimulatedLedger, start } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

function edited(objects: readonly KubeObject[], change: Readonly<Record<string, unknown>>): readonly KubeObject[] {
  return objects.map((object) => ({ ...object, ...change }));
}

describe("LEDGER 7.4 transitions come only from comparing the stored report with the new states", () => {
  test("a restart tells nothing", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    ledger.news();
    expect(ledger.restart().evaluate().transitions).toEqual([]);
  });

  test("they stand in changes, newest first, with id, time, place, target and reason", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    ledger.after(hour).put(web, ["limit@b"]).evaluate();
    expect(ledger.report?.changes).toEqual([
      {
        id: expect.any(String),
        at: ledger.now,
        ref: web,
        rule: "limit",
        path: "a",
        count: 1,
        to: "Fixed",
        reason: "Fixed",
      },
      {
        id: expect.any(String),
        at: ledger.now - hour,
        ref: web,
        rule: "limit",
        path: "b",
        count: 1,
        to: "New",
        reason: "Found",
      },
    ]);
  });

  test("those that go one after the other are two, also if they were found together", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a x2"]).evaluate();
    ledger.after(hour).put(web, ["limit@a"]).evaluate();
    ledger.after(hour).put(web).evaluate();
    expect(ledger.report?.changes.map(({ to, count }) => [to, count])).toEqual([
      ["Gone", 1],
      ["Gone", 1],
      ["New", 2],
    ]);
    expect(new Set(ledger.report?.changes.map(({ id }) => id)).size).toBe(3);
  });

  test("those that were found within a second are one", () => {
    const ledger = ledgerWith({});
    ledger.after(200).put(web, ["service@"]).evaluate();
    ledger.after(500).put(web, ["service@ x2"]).evaluate();
    ledger.after(2 * minute).evaluate();
    expect(ledger.report?.changes).toMatchObject([{ to: "New", count: 2 }]);
  });

  test("the same violation in another namespace is another one", () => {
    const ids = ["shop", "bank"].map((name) => {
      const ledger = new SimulatedLedger();
      ledger.namespace = { name, createdAt: start - day };
      ledger.evaluate();
      ledger.put(web, ["limit@a"]).evaluate();
      return ledger.report?.changes[0]?.id;
    });
    expect(ids[1]).not.toBe(ids[0]);
  });

  test("for 7 days, trimmed only in writes that happen anyway", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"]).evaluate();
    ledger.live(10 * day);
    expect(ledger.report?.changes).toHaveLength(1);
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.report?.changes).toMatchObject([{ path: "b" }]);
  });

  test("at most 200, then their number", () => {
    const ledger = ledgerWith({});
    for (let at = 0; at < 150; at++) ledger.put(`Deployment.apps/a-${at}`, ["limit@a"]);
    ledger.evaluate();
    expect(ledger.report?.changesDropped).toBe(0);
    ledger.after(hour);
    for (let at = 0; at < 150; at++) ledger.put(`Deployment.apps/b-${at}`, ["limit@a"]);
    ledger.evaluate();
    expect(ledger.report?.changes).toHaveLength(200);
    expect(ledger.report?.changesDropped).toBe(100);
    expect(ledger.report?.changes.slice(0, 150).every(({ ref }) => ref.includes("/b-"))).toBe(true);
    ledger
      .after(8 * day)
      .put(web, ["limit@a"])
      .evaluate();
    expect(ledger.report).toMatchObject({ changes: [{ ref: web }], changesDropped: 0 });
  });
});

describe("LEDGER 4.3 announcements for which the Baseline waits", () => {
  test("are never among those that are left out", () => {
    const names = Array.from({ length: 150 }, (_, at) => `Deployment.apps/web-${at}`);
    const ledger = ledgerWith(Object.fromEntries(names.map((name) => [name, ["limit@a"]])));
    ledger.delete(...names).evaluate();
    for (const name of names) ledger.put(`${name}-new`, ["limit@b"]);
    ledger.after(day).store(ledger.decide(), "both");
    const changes = ledger.report?.changes ?? [];
    expect(changes).toHaveLength(200);
    expect(changes.filter(({ to }) => to === "Fixed")).toHaveLength(150);
    expect(ledger.report?.changesDropped).toBe(100);
  });
});

describe("LEDGER 7.1 a namespace or Policy of the same name takes a Baseline up", () => {
  test("a Policy that was deleted and created again is no amnesty", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    ledger.news();
    ledger.baselines = edited(ledger.baselines, { orphanedSince: "2026-11-21T08:30:00Z" });
    ledger.reports = [];
    ledger
      .after(29 * day)
      .restart()
      .editPolicy({ uid: "another" })
      .evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@b`, `Known ${web} limit@a`]);
    expect(ledger.news()).toEqual([]);
    expect(ledger.baseline?.orphanedSince).toBeUndefined();
  });

  test("a namespace that was deleted and created again within settle is no new one", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    ledger.baselines = edited(ledger.baselines, { namespaceGoneSince: "2026-11-21T08:30:00Z" });
    ledger.reports = [];
    ledger.after(hour).restart();
    ledger.namespace = { name: "shop", createdAt: ledger.now };
    ledger.put(web, ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
    expect(ledger.fixed).toBe(0);
    expect(ledger.baseline?.namespaceGoneSince).toBeUndefined();
  });
});

describe("LEDGER 7.5 a lost Baseline is rebuilt from the report's Known rows", () => {
  test("New stays New, Known stays Known, and BaselineRestored tells of it", () => {
    const ledger = ledgerWith({ [web]: ["limit@a x2"] });
    ledger.put(web, ["limit@a x2", "limit@b"]).evaluate();
    ledger.news();
    const before = { rows: ledger.rows(), entries: ledger.entries(), fixed: ledger.fixed };
    ledger.baselines = [];
    const step = ledger.after(hour).restart().decide();
    expect(step).toMatchObject({ restored: true, baselineTaken: false });
    ledger.evaluate();
    expect({ rows: ledger.rows(), entries: ledger.entries(), fixed: ledger.fixed }).toEqual(before);
    expect(ledger.baseline?.takenAt).toBe(start);
    expect(ledger.news()).toEqual([]);
  });

  test("what appeared while it was lost is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.baselines = [];
    ledger.put(api, ["limit@a"]).evaluate();
    expect(ledger.news()).toEqual([`New ${api} limit@a`]);
  });

  test("what is in a hole at that time is adopted when it can be read", () => {
    const ledger = new SimulatedLedger();
    ledger.lose("Deployment.apps").evaluate();
    ledger.live(hour);
    ledger.baselines = [];
    ledger.restart().evaluate();
    ledger.regain("Deployment.apps").put(web, ["limit@a"]).evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
  });
});

describe("LEDGER 7.5 a lost report is rebuilt silently", () => {
  test("from the Baseline and what is there", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "service@"] });
    ledger.put(web, ["limit@a", "limit@b", "service@"]).evaluate();
    ledger.news();
    const rows = ledger.rows();
    ledger.reports = [];
    ledger.restart().live(hour);
    expect(ledger.rows()).toEqual(rows);
    expect(ledger.news()).toEqual([]);
  });

  test("what had to hold first is not announced afterwards", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["service@"]).live(hour);
    ledger.news();
    ledger.reports = [];
    ledger.restart().live(hour);
    expect(ledger.rows()).toEqual([`New ${web} service@`]);
    expect(ledger.news()).toEqual([]);
  });

  test("with both missing it is the first scan", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] }, {});
    ledger.baselines = [];
    ledger.reports = [];
    ledger.editPolicy({ baselineTakenAt: undefined }).put(web, ["limit@b"]);
    expect(ledger.evaluate()).toMatchObject({ baselineTaken: true, restored: false });
    expect(ledger.rows()).toEqual([`Known ${web} limit@b`]);
  });
});

describe("LEDGER 7.5 a part that is lost is rebuilt like the whole", () => {
  const names = Array.from({ length: 60 }, (_, at) => `Deployment.apps/web-${at}`);
  /** Big enough for parts, with as many New violations as Known ones. */
  const bigLedger = () => {
    const paths = Array.from({ length: 20 }, (_, at) => `limit@${"long-".repeat(20)}${at}`);
    const ledger = ledgerWith(Object.fromEntries(names.map((name) => [name, paths])));
    for (const name of names) ledger.put(name, [...paths, "tag@new"]);
    ledger.evaluate();
    ledger.news();
    return ledger;
  };

  test("of the Baseline: from the report's Known rows", () => {
    const ledger = bigLedger();
    const before = { rows: ledger.rows(), entries: ledger.entries() };
    expect(ledger.baselines.length).toBeGreaterThan(2);
    ledger.baselines = ledger.baselines.filter(({ part }) => part !== 1);
    expect(ledger.entries().length).toBeLessThan(before.entries.length);
    expect(ledger.restart().decide()).toMatchObject({ restored: true, transitions: [] });
    ledger.evaluate();
    expect({ rows: ledger.rows(), entries: ledger.entries() }).toEqual(before);
    expect(ledger.baselines.some(({ part }) => part === 1)).toBe(true);
  });

  test("of the report: silently, from the Baseline and what is there", () => {
    const ledger = bigLedger();
    const rows = ledger.rows();
    expect(ledger.reports.length).toBeGreaterThan(2);
    ledger.reports = ledger.reports.filter(({ part }) => part !== 1);
    expect(ledger.rows().length).toBeLessThan(rows.length);
    ledger.restart().evaluate();
    expect(ledger.rows()).toEqual(rows);
    expect(ledger.news()).toEqual([]);
  });
});

describe("LEDGER 7.5 entries added or removed by hand count", () => {
  test("what a person removes is New", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.baselines = edited(ledger.baselines, { resources: [] });
    ledger.evaluate();
    expect(ledger.rows()).toEqual([`New ${web} limit@a`]);
    expect(ledger.news()).toEqual([`New ${web} limit@a`]);
  });

  test("what a person adds twice counts twice, and is written as one", () => {
    const ledger = ledgerWith({ [web]: ["limit@a x2"] });
    const entry = { rule: "limit", path: "a" };
    const resources = [
      { ref: web, entries: [entry] },
      { ref: web, entries: [entry] },
    ];
    ledger.baselines = edited(ledger.baselines, { resources });
    ledger.evaluate();
    expect(ledger.rows()).toEqual([`Known ${web} limit@a x2`]);
    expect(ledger.entries()).toEqual([`${web} limit@a x2`]);
  });

  test("what a person adds that is not there is fixed, and told to nobody", () => {
    const ledger = ledgerWith({ [web]: [] });
    ledger.baselines = edited(ledger.baselines, {
      resources: [
        { ref: "Deployment.apps/never", entries: [{ rule: "limit", path: "a" }] },
        { ref: web, entries: [{ rule: "limit", path: "never" }] },
      ],
    });
    ledger.live(3 * day);
    expect(ledger.rows()).toEqual([]);
    expect(ledger.entries()).toEqual([]);
    expect(ledger.news()).toEqual([]);
  });

  test.each([
    [
      "nonsense in place of an entry",
      { resources: [{ ref: web, entries: [7, { rule: "limit" }, { rule: "limit", path: "a" }] }] },
    ],
    [
      "entries with every instant at once",
      {
        resources: [
          {
            ref: web,
            entries: [
              { rule: "limit", path: "a" },
              {
                rule: "limit",
                path: "z",
                since: "2030-01-01T00:00:00Z",
                absentSince: "2030-01-01T00:00:00Z",
                outSince: "2030-01-01T00:00:00Z",
                idleSince: "2030-01-01T00:00:00Z",
              },
            ],
          },
        ],
      },
    ],
    ["no match", { match: { namespaces: 3 } }],
    [
      "refs that are none",
      {
        resources: [
          { ref: "x", entries: [{ rule: "", path: "" }] },
          { ref: web, entries: [{ rule: "limit", path: "a" }] },
        ],
      },
    ],
  ])("%s ends nothing", (_, change) => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.baselines = edited(ledger.baselines, change);
    ledger.restart().live(hour);
    expect(ledger.rows()).toEqual([`Known ${web} limit@a`]);
  });
});
