import { describe, expect, test } from "vitest";
import { day, hour, ledgerWith, minute, SimulatedLedger, second, start } from "./simulated-ledger.ts";

const web = "Deployment.apps/web";
const api = "Deployment.apps/api";
const shop = "Deployment.apps/shop";
const build = "Job.batch/build-*";

/** What happens, on a ledger that holds a baseline; time may pass by itself first. */
const stories: Readonly<Record<string, (ledger: SimulatedLedger) => SimulatedLedger>> = {
  "a violation appears": (ledger) => ledger.put(web, ["limit@a", "limit@c[name=a].x", "limit@new"]),
  "a Known one is fixed": (ledger) => ledger.put(web, ["limit@c[name=a].x"]),
  "a Known one is deleted": (ledger) => ledger.delete(web),
  "a New one is gone": (ledger) => ledger.put(api),
  "an absent one comes back": (ledger) => ledger.put(shop, ["limit@s"]),
  "a deleted one comes back clean": (ledger) => ledger.put("Deployment.apps/old"),
  "a container is renamed": (ledger) => ledger.put(web, ["limit@a", "limit@c[name=b].x"]),
  "a resource is renamed": (ledger) =>
    ledger.delete(web).put("Deployment.apps/y", ["limit@a", "limit@c[name=a].x"], { shape: `shape of ${web}` }),
  "a New one turns out to be moved": (ledger) => ledger.delete("Job.batch/from"),
  "settle ends": (ledger) => ledger.after(day),
  "a rule is enabled": (ledger) => ledger.enable("budget").put(web, ["limit@a", "limit@c[name=a].x", "budget@"]),
  "a rule is changed": (ledger) => ledger.enable("limit", { revision: 2 }).put(web, ["limit@z"]).put(api, ["limit@z"]),
  "a rule is disabled": (ledger) => ledger.disable("limit"),
  "an object leaves scope": (ledger) => ledger.put(web, ["limit@a"], { outOfScope: true }),
  "the match is edited": (ledger) =>
    ledger.editMatch({ objectSelector: {} }).put("Deployment.apps/n", ["limit@a"], { inPreviousScope: false }),
  "a hole begins": (ledger) => ledger.lose("Deployment.apps").after(hour),
  "a job ends": (ledger) => ledger.delete(build),
  "a job runs again, fixed": (ledger) => ledger.delete(build),
  "the mode is switched off": (ledger) => ledger.editPolicy({ mode: "Off" }),
};

/** A bit of everything: Known, New, absent, owed, a move that may still be recognised. */
function busyLedger(): SimulatedLedger {
  const ledger = ledgerWith({
    [web]: ["limit@a", "limit@c[name=a].x"],
    [shop]: ["limit@s"],
    "Deployment.apps/old": ["limit@o"],
    "Job.batch/from": ["tag@t"],
    [build]: ["tag@b"],
  });
  ledger.put(shop).delete("Deployment.apps/old").put(api, ["limit@n"]);
  ledger.put("Job.batch/to", ["tag@t"], { shape: "shape of Job.batch/from" }).evaluate();
  ledger.after(minute).evaluate();
  ledger.news();
  return ledger;
}

function outcome(ledger: SimulatedLedger) {
  return { rows: ledger.rows(), entries: ledger.entries(), fixed: ledger.fixed, news: ledger.news() };
}

describe("LEDGER 7.3 a crash between the writes of an evaluation", () => {
  test.each(Object.keys(stories))("changes neither what is stored in the end nor what is told: %s", (name) => {
    const story = stories[name] ?? ((ledger) => ledger);
    const undisturbed = story(busyLedger());
    undisturbed.evaluate();
    const expected = outcome(undisturbed);
    for (const when of ["before-writes", "between-writes", "after-writes"] as const) {
      const ledger = story(busyLedger()).crash(when).after(second);
      ledger.evaluate();
      expect({ when, ...outcome(ledger) }).toEqual({ when, ...expected });
    }
  });

  test("at the first scan the baseline is the same, and nothing is told", () => {
    for (const when of ["before-writes", "between-writes", "after-writes"] as const) {
      const ledger = new SimulatedLedger();
      ledger
        .put(web, ["limit@a", "service@"])
        .crash(when)
        .live(5 * minute);
      expect(ledger.rows()).toEqual([`Known ${web} limit@a`, `Known ${web} service@`]);
      expect(ledger.news()).toEqual([]);
      expect(ledger.baseline?.takenAt).toBe(start);
    }
  });

  test("in a namespace that starts empty all is New and told once, so the report comes first", () => {
    for (const when of ["before-writes", "between-writes", "after-writes"] as const) {
      const ledger = new SimulatedLedger({ baselineTakenAt: start - day });
      ledger.namespace = { name: "young", createdAt: start - hour };
      ledger.lose("Service").put(web, ["limit@a", "service@"]);
      ledger.crash(when);
      expect(ledger.decide().restored).toBe(false);
      ledger.live(5 * minute);
      expect(ledger.rows()).toEqual([`New ${web} limit@a`, `New ${web} service@`]);
      expect(ledger.news()).toEqual([`New ${web} limit@a`, `New ${web} service@`]);
      expect(ledger.baseline).toMatchObject({ resources: [], kinds: ["Deployment.apps", "Job.batch", "Service"] });
    }
  });

  test("the announcement of a deleted one is stored before the Baseline forgets it", () => {
    const ledger = ledgerWith({ [web]: ["limit@a"] });
    ledger.delete(web).evaluate();
    ledger.after(day);
    const first = ledger.decide();
    expect(first).toMatchObject({ again: true, transitions: [{ to: "Fixed" }] });
    expect(first.baseline?.resources).toHaveLength(1);
    ledger.store(first, "both");
    const second = ledger.decide();
    expect(second).toMatchObject({ again: false, transitions: [] });
    expect(second.baseline?.resources).toEqual([]);
  });
});
