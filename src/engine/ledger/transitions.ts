import type { ChangeTarget } from "../../api/scan-report.ts";
import type { Ownership } from "../ownership/ownership.ts";
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
import type { Dated } from "./types.ts";
import { isGenerated } from "./verdict.ts";

export interface TransitionContext {
  readonly at: Instant;
  readonly namespace: string | undefined;
  /** What the stored report lists as changed already; newest first. */
  readonly changes: readonly Transition[];
  /** Fresh violations first seen by then are reported without a word: a report was being built when they were. */
  readonly quietUntil: Instant | undefined;
  /** Rules whose change took rows away, which is not announced. */
  readonly changed: (rule: string) => boolean;
  /** What is gone has no row that could tell it any more. */
  readonly ownershipOf: (ref: ResourceRef) => Ownership;
}

/**
 * The same in every policy and in every attempt: namespace, violation, target and the instant that it rests on.
 * @param others how many of the same key rest on the same instant and change by another transition, before or after this one
 */
export function transitionId(
  namespace: string | undefined,
  ref: ResourceRef,
  key: ViolationKey,
  to: ChangeTarget,
  since: Instant,
  others = 0,
): string {
  const rest = others === 0 ? [] : [others];
  return hash64(JSON.stringify([namespace ?? "", ref, key, to, wholeSecond(since), ...rest]));
}

/** What appeared and what is no longer New, between the stored report and this step; sorted. */
export function compareStates(slots: SlotTable, context: TransitionContext): Transition[] {
  const latest = new Map(
    context.changes.toReversed().map((change) => [`${change.ref}\n${violationKey(change)}`, change]),
  );
  const found: Transition[] = [];
  for (const slot of slots.all()) {
    if (slot.past.unlisted) continue;
    if (slot.fresh.length > 0) found.push(...appeared(slot, latest.get(`${slot.ref}\n${slot.key}`), context));
    found.push(...noLongerNew(slot, context));
  }
  return sortTransitions(addedUp(found));
}

/** Violations that differ in nothing that a transition shows are one. */
function addedUp(transitions: readonly Transition[]): Transition[] {
  const sums = new Map<string, Transition>();
  for (const one of transitions) {
    const before = sums.get(one.id);
    sums.set(one.id, before === undefined ? one : { ...before, count: before.count + one.count });
  }
  return [...sums.values()];
}

function appeared(slot: Slot, latest: Transition | undefined, context: TransitionContext): Transition[] {
  const reason = latest?.to === "Fixed" ? "Returned" : "Found";
  return slot.fresh
    .filter(({ since }) => context.quietUntil === undefined || since > context.quietUntil)
    .map((item) => transition(slot, "New", item, reason, context));
}

/**
 * Rows that were New: accepted, moved, or gone. What left scope or fell to a change of its rule goes without a word, but for
 * generated names: as long as nothing says that it is gone, it is remembered.
 */
function noLongerNew(slot: Slot, context: TransitionContext): Transition[] {
  if (slot.past.new.length === 0) return [];
  const { newest: left } = splitNewest(slot.past.new, total(slot.past.new) - total(slot.old));
  if (left.length === 0) return [];
  const becameKnown = Math.max(0, coveredCount(slot) - total(slot.past.known));
  const { newest: known, rest: gone } = splitNewest(left.toReversed(), becameKnown);
  const reason = slot.entries.some(({ covers, moved }) => covers && moved) ? "Moved" : "Accepted";
  const told = (to: ChangeTarget, why: TransitionReason) => (item: Dated) => {
    const stays = total(slot.old.filter(({ since }) => since === item.since));
    return transition(slot, to, item, why, context, stays);
  };
  const changes = known.map(told("Known", reason));
  const isTold = isGenerated(slot.ref) || !context.changed(slot.rule);
  const isGone = slot.verdict === "gone" || (slot.verdict === "judged" && isTold);
  const why = slot.verdict === "gone" ? "Removed" : "Fixed";
  if (isGone) changes.push(...gone.map(told("Gone", why)));
  return changes;
}

/**
 * What was fixed and nobody was told of yet. As many as `changes` can hold: the others follow once these are stored, for only then
 * the Baseline notes that they were told.
 */
export function announceDue(
  due: readonly { readonly slot: Slot; readonly entry: Entry }[],
  context: TransitionContext,
): Transition[] {
  const owed = due.map(({ slot, entry: { absentSince = 0, count } }) =>
    transition(slot, "Fixed", { since: absentSince, count }, slot.verdict === "judged" ? "Fixed" : "Removed", context),
  );
  return addedUp(owed).slice(0, maxChanges);
}

/** Takes note of the announcements that stand in the report by now. */
export function acknowledge(slots: SlotTable, changes: readonly Transition[], namespace: string | undefined): void {
  const known = new Set(changes.map(({ id }) => id));
  for (const { ref, key, entries } of slots.all())
    for (const entry of entries)
      if (entry.absentSince !== undefined && known.has(transitionId(namespace, ref, key, "Fixed", entry.absentSince)))
        entry.announced = true;
}

function transition(
  slot: Slot,
  to: ChangeTarget,
  { since, count }: Dated,
  reason: TransitionReason,
  { at, namespace, ownershipOf }: TransitionContext,
  others = 0,
): Transition {
  const { ref, key } = slot;
  const id = transitionId(namespace, ref, key, to, since, others);
  return { id, at, ref, ...ownershipOf(ref), ...placeOf(slot, count), to, reason };
}
