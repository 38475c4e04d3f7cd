import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";

describe("LEDGER 7.6 history: the end of each UTC day on which something changed, with its flows", () => {
  test("a day's entry follows it to its end", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.put(web, ["limit@a", "root@b"]).evaluate();
    ledger.after(hour).put(web, ["limit@a"]).put(api).evaluate();
    expect(ledger.report?.history).toEqual([
      {
        date: "2026-11-21",
        resources: 2,
        new: 0,
        known: 1,
        fixed: 0,
        found: 1,
        gone: 1,
        critical: 0,
        high: 1,
        score: 75,
      },
    ]);
  });

  test("a day on which nothing changed has none", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.live(3 * day);
    ledger.put(web, ["limit@a", "limit@b"]).evaluate();
    expect(ledger.report?.history.map(({ date }) => date)).toEqual(["2026-11-21", "2026-11-24"]);
  });

  test("35 of them", () => {
    const ledger = ledgerWith({});
    for (let round = 0; round < 40; round++) {
      ledger
        .after(day)
        .put(web, [`limit@${round}`])
        .evaluate();
    }
    expect(ledger.report?.history).toHaveLength(35);
    expect(ledger.report?.history.at(-1)?.date).toBe("2026-12-31");
  });
});

describe("DESIGN promise 4: when nothing changed nothing is written", () => {
  test("a scan an hour later writes nothing", () => {
    const ledger = ledgerWith({ [web]: ["limit@a", "service@"], [api]: [] });
    ledger.put(web, ["limit@a", "limit@b", "service@"]).evaluate();
    ledger.writes.length = 0;
    ledger.live(20 * day);
    ledger.restart().evaluate();
    expect(ledger.writes).toEqual([]);
  });

  test("a clean resource more changes the number of resources only", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    const changedAt = ledger.report?.changedAt;
    ledger
      .after(2 * day)
      .put(api)
      .evaluate();
    expect(ledger.report?.summary).toMatchObject({ resources: 2, score: 75 });
    expect(ledger.report?.changedAt).toBe(changedAt);
    expect(ledger.report?.history).toHaveLength(1);
  });
});

describe("owner and source of a resource", () => {
  const payments = { owner: "payments", source: "argocd:shop" };
  const shown = (ledger: ReturnType<typeof ledgerWith>) =>
    ledger.report?.violating.map(({ ref, owner, source }) => ({ ref, owner, source }));

  test("stand beside its rows, and nothing stands there where nobody names them", () => {
    const ledger = ledgerWith({ [api]: ["limit@a"] });
    ledger.put(web, ["limit@a"], { ownership: payments }).evaluate();
    expect(shown(ledger)).toEqual([{ ref: api }, { ref: web, ...payments }]);
    expect(ledger.report?.violating.map((resource) => Object.keys(resource).sort())).toEqual([
      ["more", "ref", "rows"],
      ["more", "owner", "ref", "rows", "source"],
    ]);
  });

  test("change the report without a transition, and once", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.writes.length = 0;
    const { transitions } = ledger.after(hour).put(web, ["limit@a"], { ownership: payments }).evaluate();
    expect(transitions).toEqual([]);
    expect(shown(ledger)).toEqual([{ ref: web, ...payments }]);
    expect(ledger.report?.changedAt).toBe(ledger.now);
    expect(ledger.writes).toHaveLength(1);
    ledger.live(day);
    expect(ledger.writes).toHaveLength(1);
  });

  test("go when nobody names them any more", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"], { ownership: payments }).evaluate();
    ledger.put(web, ["limit@a"]).evaluate();
    expect(shown(ledger)).toEqual([{ ref: web }]);
  });

  test("stay as they were for a resource that is not seen because of a hole", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"], { ownership: payments }).evaluate();
    ledger
      .delete(web)
      .lose("Deployment.apps")
      .restart()
      .live(2 * minute);
    expect(shown(ledger)).toEqual([{ ref: web, ...payments }]);
  });

  test("stand in its changes too, also of what is gone", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"], { ownership: payments }).evaluate();
    ledger.after(hour).put(web, [], { ownership: payments }).evaluate();
    expect(ledger.report?.changes.map(({ ref, to, owner, source }) => ({ ref, to, owner, source }))).toEqual([
      { ref: web, to: "Gone", ...payments },
      { ref: web, to: "New", ...payments },
    ]);
  });

  test("stay as they were while they are not known", () => {
    const ledger = ledgerWith({});
    ledger.put(web, ["limit@a"], { ownership: payments }).evaluate();
    ledger.put(web, ["limit@a", "tag@a"], { ownership: "unknown" }).evaluate();
    expect(shown(ledger)).toEqual([{ ref: web, ...payments }]);
  });
});

describe("LEDGER 7.2 one resource lists at most 200 rows, then a count", () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `limit@e[n=${at}]`);

  test("the New ones first", () => {
    const ledger = ledgerWith({ [web]: many(250) });
    const step = ledger.put(web, [...many(250), "tag@new"]).evaluate();
    const listed = ledger.report?.violating[0];
    expect(listed?.rows).toHaveLength(200);
    expect(listed?.rows[0]).toMatchObject({ rule: "tag", state: "New" });
    expect(listed?.more).toBe(51);
    expect(step.counts).toMatchObject({ new: 1, known: 250 });
    expect(ledger.report?.summary).toMatchObject({ new: 1, known: 250, high: 250 });
  });

  test("what is not listed is neither found again nor gone with every look", () => {
    const ledger = ledgerWith({});
    ledger.put(web, many(250)).evaluate();
    ledger.news();
    ledger.writes.length = 0;
    ledger.live(hour);
    ledger.restart().evaluate();
    expect(ledger.news()).toEqual([]);
    expect(ledger.writes).toEqual([]);
  });

  test("in a hole the Known ones beyond the list stay counted", () => {
    const ledger = ledgerWith({ [web]: many(250) });
    ledger
      .delete(web)
      .lose("Deployment.apps")
      .restart()
      .live(2 * minute);
    expect(ledger.report?.summary).toMatchObject({ known: 250, new: 0 });
    expect(ledger.fixed).toBe(0);
  });
});
