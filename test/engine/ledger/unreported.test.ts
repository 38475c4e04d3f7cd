import { describe, expect, test } from "vitest";
import { encodeBaseline } from "../../../src/engine/ledger/storage/baseline.ts";
import type { StoredBaseline } from "../../../src/engine/ledger/stored.ts";
import { storingOf } from "../../../src/engine/ledger/unreported.ts";
import { hour, SimulatedLedger } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";

/** An old namespace in which nothing was judged so far, as its first evaluation leaves it. */
function emptyLedger(change: (baseline: StoredBaseline) => StoredBaseline = (baseline) => baseline): SimulatedLedger {
  const ledger = new SimulatedLedger();
  const storing = storingOf({ baseline: undefined, report: undefined }, ledger.evaluate());
  if (storing.baseline === undefined) throw new Error("the first evaluation takes a baseline");
  ledger.baselines = encodeBaseline(change(storing.baseline), ledger.id, [], { mayShrink: false }).puts;
  ledger.reports = [];
  return ledger.restart().after(hour);
}

describe("a namespace in which nothing was judged so far", () => {
  test("has a Baseline, marked, and no report", () => {
    const storing = storingOf({ baseline: undefined, report: undefined }, new SimulatedLedger().evaluate());
    expect(storing.report).toBeUndefined();
    expect(storing.baseline).toMatchObject({ unreported: true, resources: [] });
  });

  test("reads its mark back from what was stored", () => {
    expect(emptyLedger().baseline?.unreported).toBe(true);
  });

  test("announces the first violation as New, for its baseline was taken", () => {
    const ledger = emptyLedger();
    const step = ledger.put(web, ["limit@a"]).evaluate();
    expect(step.transitions).toMatchObject([{ ref: web, to: "New", reason: "Found" }]);
  });

  test("gets its first report before the mark goes", () => {
    const ledger = emptyLedger();
    const stored = { baseline: ledger.baseline, report: undefined };
    const storing = storingOf(stored, ledger.put(web, ["limit@a"]).evaluate());
    expect(storing).toMatchObject({ order: "report-first", report: { summary: { new: 1 } } });
    expect(storing.baseline).not.toHaveProperty("unreported");
  });

  test("without the mark counts as one whose report was lost, which is rebuilt silently", () => {
    const ledger = emptyLedger(({ unreported: _, ...baseline }) => baseline);
    expect(ledger.put(web, ["limit@a"]).evaluate().transitions).toEqual([]);
  });

  test("keeps its report once it has one", () => {
    const ledger = emptyLedger();
    ledger.put(web, []).evaluate();
    const stored = { baseline: ledger.baseline, report: ledger.report };
    const storing = storingOf(stored, ledger.delete(web).evaluate());
    expect(storing.report?.summary.resources).toBe(0);
    expect(storing.baseline).not.toHaveProperty("unreported");
  });

  test("is reported where something could not be read, so that a missing report never means clean", () => {
    const ledger = new SimulatedLedger().lose("Deployment.apps").after(hour);
    expect(storingOf({ baseline: undefined, report: undefined }, ledger.evaluate()).report).toBeDefined();
  });
});
