import { completeness } from "../../src/engine/ledger/completeness.ts";
import { cover } from "../../src/engine/ledger/cover.ts";
import { gatherSlots } from "../../src/engine/ledger/gather.ts";
import { clockOf } from "../../src/engine/ledger/memory.ts";
import { openLedger } from "../../src/engine/ledger/opening.ts";
import { readPast } from "../../src/engine/ledger/past.ts";
import { stepInPieces, stepLedger } from "../../src/engine/ledger/step.ts";
import type { LedgerInput } from "../../src/engine/ledger/types.ts";
import { SimulatedLedger } from "../../test/engine/ledger/simulated-ledger.ts";
import { atMost, type Bench, exactly, figure, type Measurement } from "../bench.ts";
import { median } from "../statistics.ts";

const resources = 2_000;
const rules = ["limit", "tag", "root", "service"];
const perResource = 5;
const warmUp = 20;
const runs = 30;

/** How long one ledger with a large baseline keeps the thread. */
export const baselineBench: Bench = {
  name: "baseline",
  summary: "matching what is found with a baseline of 10,000 entries",
  async run(): Promise<readonly Measurement[]> {
    const input = largeLedger();
    const match = matchingOf(input);
    const step = () => void stepLedger(input);
    times(warmUp, match);
    times(warmUp, step);
    // The thread's CPU time moves on in ticks of some milliseconds: only that of many runs together can be told.
    const matching = milliseconds(() => times(runs, match)) / runs;
    const steps = milliseconds(() => times(runs, step)) / runs;
    const longest = Array.from({ length: runs }, () => longestPiece(input));
    const { baseline, transitions } = stepLedger(input);
    return [
      figure("entries", baseline?.resources.reduce((sum, { entries }) => sum + entries.length, 0) ?? 0, "entries"),
      exactly("transitions of a ledger at rest", transitions.length, "transitions", 0),
      atMost(`matching, CPU (mean of ${runs})`, matching, "ms", 10),
      figure(`the whole step, CPU (mean of ${runs})`, steps, "ms"),
      atMost("longest piece of the step, CPU", median(longest), "ms", 50),
    ];
  },
};

/** One that has taken its baseline and in which nothing has changed since. */
function largeLedger(): LedgerInput {
  const ledger = new SimulatedLedger();
  for (let at = 0; at < resources; at++) {
    const violations = Array.from({ length: perResource }, (_, index) => {
      const rule = rules[index % rules.length] ?? "limit";
      return `${rule}@containers[name=app-${Math.floor(index / rules.length)}].resources.limits.memory`;
    });
    ledger.put(`Deployment.apps/checkout-${at}`, violations);
  }
  ledger.evaluate();
  // What the inventory rule found had to last for a while.
  ledger.after(120_000).evaluate();
  const { now, policy, memory, baseline, report } = ledger;
  return { now, policy, memory, stored: { baseline, report }, evidence: ledger.evidence() };
}

/**
 * The part of a step that lays side by side what is accepted, reported and found, and covers the one with the other; what was stored
 * has been read by then.
 */
function matchingOf(input: LedgerInput): () => void {
  const { now, policy, evidence, stored, memory } = input;
  const complete = completeness(evidence, policy, stored.report?.unverified ?? [], now);
  const opening = openLedger(input, complete);
  const past = readPast(stored.report, now);
  const at = { now, settleMs: policy.settleMs };
  return () => {
    const slots = gatherSlots(input, opening, past, complete);
    for (const slot of slots.all()) cover(slot, clockOf(slot, memory, complete), at);
  };
}

/** Between two places at which the operator may leave the thread to others. */
function longestPiece(input: LedgerInput): number {
  const pieces = stepInPieces(input);
  let longest = 0;
  for (let done: boolean | undefined; !done; )
    longest = Math.max(
      longest,
      milliseconds(() => {
        ({ done } = pieces.next());
      }),
    );
  return longest;
}

function times(count: number, work: () => void): void {
  for (let time = 0; time < count; time++) work();
}

function milliseconds(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
