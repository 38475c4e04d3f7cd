import type { ChangeTarget } from "../../api/scan-report.ts";
import type { ResourceRef } from "../resource.ts";
import { hash64 } from "../values/hash.ts";
import { type ViolationKey, violationKey } from "../violation.ts";
import { splitNewest, total } from "./dated.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import { maxChanges } from "./limits.ts";
import { sortTransitions } from "./order.ts";
import { coveredCount, type Entry, type Slot, type SlotTable } from "./slots.ts";
import { placeOf } from "./spot.ts";
import type { Transition, TransitionReason } from "./stored.ts";

export interface TransitionContext {
  readonly at: Instant;
  readonly namespace: string | undefined;
  /** What the stored report lists as changed already; newest first. */
  readonly changes: readonly Transition[];
  /** Fresh violations first seen by then are reported without a word: a report was being built when they were. */
  readonly quietUntil: Instant | undefined;
  /** Rules whose change took rows away, which is not announced. */
  readonly changed: (rule: string) => boolean;
}

/** The same in every policy and in every attempt: namespace, violation, target and the instant that it rests on. */
export function transitionId(
  namespace: string | undefined,
  ref: ResourceRef,
  key: ViolationKey,
  to: ChangeTarget,
  since: Instant,
): string {
  return hash64(JSON.stringify([namespace ?? "", ref, key, to, wholeSecond(since)]));
}

/** Changes of state between the stored report and this step; sorted. */
export function compareStates(slots: SlotTable, context: TransitionContext): Transition[] {
  const latest = new Map(
    context.changes.toReversed().map((change) => [`${change.ref}\n${violationKey(change)}`, change]),
  );
  const known = new Set(context.changes.map(({ id }) => id));
  const found: Transition[] = [];
  for (const slot of slots.all()) {
    if (slot.past.unlisted) continue;
    found.push(...appeared(slot, latest.get(`${slot.ref}\n${slot.key}`), context));
    found.push(...noLongerNew(slot, context));
    found.push(...fixed(slot, context).filter(({ id }) => !known.has(id)));
  }
  return sortTransitions(found);
}

function appeared(slot: Slot, latest: Transition | undefined, context: TransitionContext): Transition[] {
  const reason = latest?.to === "Fixed" ? "Returned" : "Found";
  return slot.fresh
    .filter(({ since }) => context.quietUntil === undefined || since > context.quietUntil)
    .map(({ since, count }) => transition(slot, "New", since, count, reason, context));
}

/** Rows that were New: accepted, moved, or gone. What left scope or fell to a change of its rule goes without a word. */
function noLongerNew(slot: Slot, context: TransitionContext): Transition[] {
  const { newest: left } = splitNewest(slot.past.new, total(slot.past.new) - total(slot.old));
  if (left.length === 0) return [];
  const becameKnown = Math.max(0, coveredCount(slot) - slot.past.known);
  const { newest: known, rest: gone } = splitNewest(left.toReversed(), becameKnown);
  const reason = slot.entries.some(({ covers, moved }) => covers && moved) ? "Moved" : "Accepted";
  const changes = known.map(({ since, count }) => transition(slot, "Known", since, count, reason, context));
  const isGone = slot.verdict === "gone" || (slot.verdict === "judged" && !context.changed(slot.rule));
  const why = slot.verdict === "gone" ? "Removed" : "Fixed";
  if (isGone) changes.push(...gone.map(({ since, count }) => transition(slot, "Gone", since, count, why, context)));
  return changes;
}

/** Rows that were Known where the Baseline has them as fixed now. Without such entries they moved, or left scope. */
function fixed(slot: Slot, context: TransitionContext): Transition[] {
  const changes: Transition[] = [];
  let left = slot.past.known - coveredCount(slot);
  const absent = slot.entries.filter(({ absentSince, announced }) => absentSince !== undefined && announced);
  for (const entry of absent.sort((a, b) => (b.absentSince ?? 0) - (a.absentSince ?? 0))) {
    const count = Math.min(left, entry.count);
    if (count <= 0) break;
    left -= count;
    changes.push(fixedTransition(slot, entry, count, context));
  }
  return changes;
}

/** Announcements that were owed. As many as `changes` can hold: the others follow once these are stored. */
export function announceDue(
  due: readonly { readonly slot: Slot; readonly entry: Entry }[],
  context: TransitionContext,
): Transition[] {
  return due.slice(0, maxChanges).map(({ slot, entry }) => fixedTransition(slot, entry, entry.count, context));
}

/** Takes note of the announcements that were owed and stand in the report by now. */
export function acknowledge(slots: SlotTable, changes: readonly Transition[], namespace: string | undefined): void {
  const known = new Set(changes.map(({ id }) => id));
  for (const { ref, key, entries } of slots.all())
    for (const entry of entries)
      if (entry.absentSince !== undefined && known.has(transitionId(namespace, ref, key, "Fixed", entry.absentSince)))
        entry.announced = true;
}

function fixedTransition(
  slot: Slot,
  { absentSince = 0 }: Entry,
  count: number,
  context: TransitionContext,
): Transition {
  return transition(slot, "Fixed", absentSince, count, slot.verdict === "judged" ? "Fixed" : "Removed", context);
}

function transition(
  slot: Slot,
  to: ChangeTarget,
  since: Instant,
  count: number,
  reason: TransitionReason,
  { at, namespace }: TransitionContext,
): Transition {
  return {
    id: transitionId(namespace, slot.ref, slot.key, to, since),
    at,
    ref: slot.ref,
    ...placeOf(slot, count),
    to,
    reason,
  };
}
