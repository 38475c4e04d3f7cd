import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredBaseline, StoredReport } from "../../../src/engine/ledger/stored.ts";
import type { Instant, LedgerStep } from "../../../src/engine/ledger/types.ts";
import { refKind } from "../../../src/engine/resource.ts";
import { violationKey } from "../../../src/engine/violation.ts";
import { day, hour, minute, SimulatedLedger, second } from "./simulated-ledger.ts";

/** Keeps stored values as they are: what encoding does to them is tested by itself, and takes most of the time. */
class QuickLedger extends SimulatedLedger {
  #baseline: StoredBaseline | undefined;
  #report: StoredReport | undefined;

  override get baseline(): StoredBaseline | undefined {
    return this.#baseline;
  }

  override get report(): StoredReport | undefined {
    return this.#report;
  }

  override store(step: LedgerStep, what: "both" | "baseline" | "report"): void {
    if (what !== "report") this.#baseline = step.baseline;
    if (what !== "baseline") {
      this.#report = step.report;
      this.told.push(...step.transitions);
    }
    if (what === "both") this.memory = step.memory;
  }

  loseBaseline(): void {
    this.#baseline = undefined;
  }

  loseReport(): void {
    this.#report = undefined;
  }
}

const deployments = ["Deployment.apps/a", "Deployment.apps/b", "Deployment.apps/c"];
const refs = [...deployments, "Job.batch/j-*"];
const everything = [
  "limit@c[name=a].x",
  "limit@c[name=b].x",
  "limit@c[name=b].x x2",
  "tag@i#n",
  "service@",
  "service@ x2",
];
const incidents = ["before-writes", "between-writes", "after-writes"] as const;

const ref = fc.constantFrom(...refs);
const violations = fc.subarray(everything).map((list) => {
  const places = new Map(list.map((violation) => [violation.replace(/ x2$/, ""), violation]));
  return [...places.values()];
});

type Action = (ledger: QuickLedger) => void;

/** An action that says what it does, so that a counterexample can be read. */
function action(text: string, act: Action): Action & { [fc.toStringMethod]: () => string } {
  return Object.assign(act, { [fc.toStringMethod]: () => text });
}

const shape = "one for all";

const put = fc
  .tuple(ref, violations)
  .map(([name, list]) => action(`put ${name} ${list.join(", ")}`, (ledger) => ledger.put(name, list, { shape })));
const remove = ref.map((name) => action(`delete ${name}`, (ledger) => ledger.delete(name)));
const rename = fc.tuple(fc.constantFrom(...deployments), fc.constantFrom(...deployments)).map(([from, to]) =>
  action(`rename ${from} to ${to}`, (ledger) => {
    const live = ledger.cluster.get(from);
    if (live === undefined || from === to) return;
    ledger.delete(from).cluster.set(to, live);
  }),
);
const pass = fc
  .constantFrom(second, 30 * second, minute, 11 * minute, 13 * hour, 25 * hour, 31 * day)
  .map((ms) => action(`${ms / second} s pass`, (ledger) => ledger.after(ms)));
const crash = fc.constantFrom(...incidents).map((when) => action(`crash ${when}`, (ledger) => ledger.crash(when)));
const restart = fc.constant(action("restart", (ledger) => ledger.restart()));
const leave = ref.map((name) =>
  action(`${name} leaves scope`, (ledger) => {
    const live = ledger.cluster.get(name);
    if (live !== undefined) ledger.cluster.set(name, { ...live, outOfScope: true });
  }),
);
const kind = fc.constantFrom("Deployment.apps", "Job.batch", "Service");
const lose = kind.map((name) => action(`lose ${name}`, (ledger) => ledger.lose(name)));
const regain = kind.map((name) => action(`regain ${name}`, (ledger) => ledger.regain(name)));
const rule = fc.constantFrom("limit", "tag", "service");
const breakRule = rule.map((id) => action(`${id} breaks`, (ledger) => ledger.breakRule(id)));
const mendRule = rule.map((id) => action(`${id} mends`, (ledger) => ledger.mendRule(id)));
const disable = rule.map((id) => action(`disable ${id}`, (ledger) => ledger.disable(id)));
const enable = fc
  .tuple(rule, fc.integer({ min: 1, max: 3 }))
  .map(([id, revision]) => action(`enable ${id} ${revision}`, (ledger) => ledger.enable(id, { revision })));
const widen = fc.tuple(ref, violations).map(([name, list]) =>
  action(`the match is edited and brings ${name} ${list.join(", ")}`, (ledger) => {
    const pattern = `shop-${ledger.now}`;
    ledger.editMatch({ namespaces: { include: [pattern] } }).put(name, list, { shape, inPreviousScope: false });
  }),
);
const mode = fc
  .constantFrom("Ratchet" as const, "Off" as const)
  .map((value) => action(`mode ${value}`, (ledger) => ledger.editPolicy({ mode: value })));
const loseBaseline = fc.constant(action("the Baseline is lost", (ledger) => ledger.loseBaseline()));
const loseReport = fc.constant(action("the report is lost", (ledger) => ledger.loseReport()));

const weighted = (weight: number, arbitrary: fc.Arbitrary<Action>) => ({ weight, arbitrary });
const plain = [
  weighted(8, put),
  weighted(3, remove),
  weighted(3, rename),
  weighted(6, pass),
  weighted(2, crash),
  weighted(1, restart),
];
const actions = fc.array(
  fc.oneof(
    ...plain,
    ...[leave, lose, regain, breakRule, mendRule, disable, enable, widen, mode].map((one) => weighted(1, one)),
    ...[regain, mendRule, enable].map((one) => weighted(1, one)),
    weighted(1, loseBaseline),
    weighted(1, loseReport),
  ),
  { minLength: 3, maxLength: 16 },
);

interface Count {
  readonly ref: string;
  readonly rule: string;
  readonly key: string;
  readonly count: number;
}

/** What is there to see, of rules that are enabled. */
function present(ledger: SimulatedLedger): Count[] {
  return [...ledger.evidence().resources].flatMap(([name, { violations: found }]) =>
    [...found].map(([key, { violation, count }]) => ({
      ref: name,
      rule: violation.rule,
      key: `${name}\n${key}`,
      count,
    })),
  );
}

function rowCounts(ledger: SimulatedLedger, state?: "New" | "Known"): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ref: name, rows } of ledger.report?.violating ?? [])
    for (const row of rows) {
      const key = `${name}\n${violationKey(row)}`;
      if (state === undefined || row.state === state) counts.set(key, (counts.get(key) ?? 0) + row.count);
    }
  return counts;
}

function entryCounts(baseline: StoredBaseline | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ref: name, entries } of baseline?.resources ?? [])
    for (const entry of entries) {
      const key = `${name}\n${violationKey(entry)}`;
      counts.set(key, (counts.get(key) ?? 0) + entry.count);
    }
  return counts;
}

const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

function isFrozen(ledger: SimulatedLedger, name: string, id: string): boolean {
  return ledger.kinds.get(refKind(name))?.state === "incomplete" || ledger.brokenRules.has(id);
}

/** Whether anything may be adopted: a rule, a kind or a match that the Baseline does not know yet. */
function mayAdopt(
  ledger: SimulatedLedger,
  baseline: StoredBaseline | undefined,
  report: StoredReport | undefined,
): boolean {
  if (baseline === undefined || report?.baselineTakenAt === undefined) return true;
  const sameRule = (id: string, revision: number) => baseline.rules.get(id)?.revision === revision;
  return (
    JSON.stringify(baseline.match) !== JSON.stringify(ledger.policy.match) ||
    [...ledger.policy.rules].some(([id, { revision }]) => !sameRule(id, revision)) ||
    [...ledger.kinds.keys()].some((name) => !baseline.kinds.includes(name))
  );
}

/** Since when each violation of an inventory rule was seen without anything that starts its wait again. */
class Waits {
  readonly #since = new Map<string, { readonly count: number; readonly since: Instant }>();

  look(ledger: SimulatedLedger): void {
    const seen = present(ledger).filter((one) => one.rule === "service");
    for (const { key, count } of seen)
      if (this.#since.get(key)?.count !== count) this.#since.set(key, { count, since: ledger.now });
    for (const key of [...this.#since.keys()]) if (!seen.some((one) => one.key === key)) this.#since.delete(key);
  }

  reset(): void {
    this.#since.clear();
  }

  isOver(key: string, now: Instant): boolean {
    const since = this.#since.get(key)?.since;
    return since !== undefined && since + minute <= now;
  }
}

/** Everything that holds whenever a ledger is at rest. */
function check(
  ledger: QuickLedger,
  before: { baseline: StoredBaseline | undefined; report: StoredReport | undefined; told: number },
  step: LedgerStep,
  waits: Waits,
): void {
  const rows = rowCounts(ledger);
  const known = rowCounts(ledger, "Known");
  const entries = entryCounts(ledger.baseline);
  const accepted = entryCounts(before.baseline);

  // No violation is ever lost: what is there is New or Known, unless it waits or its evidence is incomplete.
  const there = new Map(present(ledger).map((one) => [one.key, one]));
  for (const { ref: name, rule: id, key, count } of there.values()) {
    if (isFrozen(ledger, name, id)) continue;
    const shown = rows.get(key) ?? 0;
    if (id !== "service" || waits.isOver(key, ledger.now)) expect({ key, shown }).toEqual({ key, shown: count });
    else expect(shown).toBeLessThanOrEqual(count);
  }
  // Nothing is made up: what is not there is not shown, unless its evidence is incomplete.
  for (const key of rows.keys()) {
    const [name = "", id = ""] = key.split("\n");
    if (!isFrozen(ledger, name, id)) expect(there.has(key)).toBe(true);
  }
  // Under incomplete evidence rows keep their state and nothing is concluded.
  for (const [key, count] of rowCountsOf(before.report)) {
    const [name = "", id = ""] = key.split("\n");
    const kindIsLost = ledger.kinds.get(refKind(name))?.state === "incomplete";
    if (kindIsLost && ledger.policy.rules.has(id)) expect(rows.get(key) ?? 0).toBeGreaterThanOrEqual(count);
  }
  // Nothing is Known beyond its accepted count, and nothing is accepted unless something may be adopted.
  if (ledger.policy.mode === "Ratchet")
    for (const [key, count] of known) expect(entries.get(key) ?? 0).toBeGreaterThanOrEqual(count);
  else expect(known.size).toBe(0);
  if (!mayAdopt(ledger, before.baseline, before.report)) expect(total(entries)).toBeLessThanOrEqual(total(accepted));
  if (ledger.policy.mode === "Off") expect(ledger.baseline).toBe(before.baseline);
  // Nothing is fixed without evidence: less of it is there than was accepted, and that is known for sure.
  for (const { ref: name, rule: id, path, class: valueClass, to } of ledger.told.slice(before.told)) {
    if (to !== "Fixed" && to !== "Gone") continue;
    const key = `${name}\n${violationKey({ rule: id, path, class: valueClass })}`;
    const reported =
      to === "Fixed"
        ? Math.max(accepted.get(key) ?? 0, entries.get(key) ?? 0)
        : (rowCountsOf(before.report).get(key) ?? Number.POSITIVE_INFINITY);
    expect(ledger.kinds.get(refKind(name))?.state).toBe("complete");
    expect(ledger.cluster.get(name)?.outOfScope ?? false).toBe(false);
    expect(ledger.policy.rules.has(id)).toBe(true);
    expect(there.get(key)?.count ?? 0).toBeLessThan(reported);
  }
  // FIXED covers at least what is absent.
  const absent = (ledger.baseline?.resources ?? [])
    .flatMap((one) => one.entries)
    .filter(({ absentSince }) => absentSince !== undefined);
  expect(ledger.baseline?.fixed ?? 0).toBeGreaterThanOrEqual(absent.reduce((sum, { count }) => sum + count, 0));
  // Numbers agree with rows.
  const { summary } = step.report;
  expect(summary.new + summary.known).toBe(total(rows));
  expect(summary.known).toBe(total(known));
  expect(summary.critical + summary.high + summary.medium + summary.low).toBe(total(rows));
  expect({ new: step.counts.new, known: step.counts.known, fixed: step.counts.fixed }).toEqual({
    new: summary.new,
    known: summary.known,
    fixed: summary.fixed,
  });
  // At rest: another look changes nothing, and the next one is due in the future.
  const again = ledger.decide();
  expect(again.baseline).toEqual(ledger.baseline);
  expect(again.report).toEqual(ledger.report);
  expect(again.transitions).toEqual([]);
  expect(again.again).toBe(false);
  expect(again.nextDeadline ?? Number.POSITIVE_INFINITY).toBeGreaterThan(ledger.now);
}

function rowCountsOf(report: StoredReport | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ref: name, rows } of report?.violating ?? [])
    for (const row of rows) {
      const key = `${name}\n${violationKey(row)}`;
      counts.set(key, (counts.get(key) ?? 0) + row.count);
    }
  return counts;
}

/** What starts the wait of everything again, or makes an inventory rule be adopted once more. */
const startsAgain = /restart|crash|lose|regain|breaks|mends|able|edited|mode|lost|leaves/;

describe("whatever happens, in any order", () => {
  test("no violation is lost, fixed without evidence, or Known beyond its count", () => {
    const seed = Number(process.env.LEDGER_SEED ?? Date.now() % 0x7fff_ffff);
    console.log(`ledger properties: LEDGER_SEED=${seed}`);
    fc.assert(
      fc.property(actions, (sequence) => {
        const ledger = new QuickLedger();
        const waits = new Waits();
        for (const act of sequence) {
          const told = ledger.told.length;
          act(ledger);
          const before = { baseline: ledger.baseline, report: ledger.report, told };
          ledger.after(second);
          if (startsAgain.test(fc.stringify(act))) waits.reset();
          waits.look(ledger);
          const step = ledger.evaluate();
          check(ledger, before, step, waits);
        }
        const ids = ledger.told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 10_000, seed },
    );
  });
});
