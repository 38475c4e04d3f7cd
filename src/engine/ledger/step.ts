import type { ResourceRef } from "../resource.ts";
import { concludeAbsences } from "./absence.ts";
import { type Adoption, adopt } from "./adoption.ts";
import { closeEntries } from "./close.ts";
import { type Completeness, completeness } from "./completeness.ts";
import { countEntries, countRows, countTransitions, summarize } from "./counts.ts";
import { cover } from "./cover.ts";
import { nextDeadline } from "./deadline.ts";
import { gatherSlots } from "./gather.ts";
import { comeIn, nextHoles, shiftAbsences, shiftClocks } from "./holes.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import { clockOf, nextMemory } from "./memory.ts";
import { pairMoves } from "./moves.ts";
import { type Opening, openLedger } from "./opening.ts";
import { sortTransitions } from "./order.ts";
import { ownershipReader } from "./ownership.ts";
import { readPast } from "./past.ts";
import { nextReport } from "./report.ts";
import { listed, rowsOf } from "./rows.ts";
import { reused } from "./same.ts";
import type { SlotTable } from "./slots.ts";
import type { StoredBaseline, StoredReport, Transition } from "./stored.ts";
import { acknowledge, announceDue, compareStates, type TransitionContext } from "./transitions.ts";
import type { LedgerInput, LedgerStep, ResourceEvidence } from "./types.ts";
import { isGenerated } from "./verdict.ts";

export { emptyMemory } from "./memory.ts";

/**
 * One evaluation of one ledger: what was stored, what is seen and what time it is → states, what is to be stored, transitions.
 * Pure, and at rest where nothing changed: what it gives back is then deep-equal to what it was given.
 */
export function stepLedger(input: LedgerInput): LedgerStep {
  const pieces = stepInPieces(input);
  let piece = pieces.next();
  while (!piece.done) piece = pieces.next();
  return piece.value;
}

/**
 * The same step, with places to stop at, so that a large ledger need not keep the thread until it is done. What the evidence reads of a
 * world that goes on (`outOfScope`) is read before the first of them.
 */
export function* stepInPieces(input: LedgerInput): Generator<undefined, LedgerStep> {
  const { now, policy, evidence, stored } = input;
  const complete = completeness(evidence, policy, stored.report?.unverified ?? [], now);
  const opening = openLedger(input, complete);
  const slots = gatherSlots(input, opening, readPast(stored.report, now), complete);
  yield;
  const kept = opening.baseline === undefined ? undefined : keepBook(slots, opening.baseline, opening, complete, input);
  if (kept === undefined) coverAll(slots, input, complete);
  yield;
  const { transitions, owed } = conclude(slots, opening, kept, input);
  const baseline = kept === undefined ? stored.baseline : reused(stored.baseline, kept.baseline);
  const all = rowsOf(slots, ownershipReader(input));
  yield;
  const rowCounts = countRows(all, policy.rules);
  const resources = evidence.resources.size + all.filter(({ ref }) => !evidence.resources.has(ref)).length;
  const fixed = kept?.baseline.fixed ?? 0;
  const counts = { ...rowCounts, resources, fixed };
  const content = {
    baselineTakenAt: kept?.baseline.takenAt,
    summary: summarize(counts),
    violating: listed(all, stored.report?.violating ?? []),
    rules: policy.rules,
    unverified: complete.holes,
    problems: evidence.problems,
    changes: rememberedChanges(stored.report, opening),
    transitions,
    owed,
  };
  const report = nextReport(stored.report, content, now);
  const quietUntil = opening.silent ? now : input.memory.quietUntil;
  return {
    baseline,
    report,
    resources: all,
    memory: nextMemory(slots, policy, kept?.adoption.firstPasses ?? new Map(), quietUntil),
    transitions,
    baselineTaken: opening.how === "taken",
    restored: opening.restored,
    writeOrder: opening.startsEmpty ? "report-first" : "baseline-first",
    again: owed.length > 0 || (kept?.heldBack ?? false),
    nextDeadline: nextDeadline(slots, complete, policy.settleMs, now),
    counts: {
      ...counts,
      entries: baseline === undefined ? 0 : countEntries(baseline.resources),
      ...countTransitions(transitions, policy.rules),
    },
  };
}

/** What New meant in the other mode says nothing about what a generated name has to be told of in this one. */
function rememberedChanges(report: StoredReport | undefined, { switched }: Opening): readonly Transition[] {
  const changes = report?.changes ?? [];
  return switched ? changes.filter(({ ref }) => !isGenerated(ref)) : changes;
}

/** What a step did to the Baseline. */
interface Book {
  readonly baseline: StoredBaseline;
  readonly adoption: Adoption;
  readonly due: ReturnType<typeof concludeAbsences>["due"];
  readonly heldBack: boolean;
}

/** Everything between the stored Baseline and the next one, in the order in which the sentences of docs/ledger.md presuppose each other. */
function keepBook(
  slots: SlotTable,
  before: StoredBaseline,
  opening: Opening,
  complete: Completeness,
  input: LedgerInput,
): Book {
  const { now, policy, evidence, stored } = input;
  const at = wholeSecond(now);
  const { settleMs } = policy;
  acknowledge(slots, stored.report?.changes ?? [], evidence.namespace?.name);
  takeUp(slots, before, at);
  shiftClocks(slots, before.holes, complete, at);
  comeIn(slots, at);
  const shapes = new Map(before.resources.map(({ ref, shape }) => [ref, shape ?? ""]));
  const returned =
    coverAll(slots, input, complete) + pairMoves(slots, { now, settleMs, shapes, resources: evidence.resources });
  const adoption = adopt(slots, before, input, opening, complete);
  const { standing, changed } = adoption;
  const absences = concludeAbsences(slots, { now, at, settleMs, silent: opening.silent, standing, changed });
  const baseline: StoredBaseline = {
    takenAt: before.takenAt,
    fixed: Math.max(0, before.fixed + absences.fixed - returned),
    match: policy.match,
    kinds: adoption.kinds,
    rules: adoption.rules,
    holes: nextHoles(before.holes, complete, adoption.openKinds),
    resources: closeEntries(slots, nextShapes(shapes, evidence.resources), ownershipReader(input), before.resources),
  };
  return { baseline, adoption, due: absences.due, heldBack: adoption.heldBack };
}

/** 3.7 and 7.1: the ledger is in scope again, and its policy and namespace are there. Out of scope no clock of `settle` ran. */
function takeUp(slots: SlotTable, { outOfScopeSince, orphanedSince }: StoredBaseline, at: Instant): void {
  const away = [outOfScopeSince, orphanedSince].filter((since) => since !== undefined);
  if (away.length > 0) for (const { entries } of slots.all()) shiftAbsences(entries, Math.min(...away), at);
}

function coverAll(slots: SlotTable, { now, policy, memory }: LedgerInput, complete: Completeness): number {
  const times = { now, settleMs: policy.settleMs };
  return slots.all().reduce((returned, slot) => returned + cover(slot, clockOf(slot, memory, complete), times), 0);
}

/** The last shape seen: of what is gone the one that it had. */
function nextShapes(before: ReadonlyMap<ResourceRef, string>, resources: ReadonlyMap<ResourceRef, ResourceEvidence>) {
  const shapes = new Map(before);
  for (const [ref, { shape }] of resources) if (shape !== "") shapes.set(ref, shape);
  return shapes;
}

function conclude(slots: SlotTable, opening: Opening, book: Book | undefined, input: LedgerInput) {
  const { now, evidence, stored, memory } = input;
  if (opening.silent) return { transitions: [], owed: [] };
  const context: TransitionContext = {
    at: wholeSecond(now),
    namespace: evidence.namespace?.name,
    changes: stored.report?.changes ?? [],
    quietUntil: memory.quietUntil,
    changed: (rule) => book?.adoption.changed(rule) ?? false,
    ownershipOf: ownershipReader(input),
  };
  const owed = announceDue(book?.due ?? [], context);
  return { transitions: sortTransitions([...compareStates(slots, context), ...owed]), owed };
}
