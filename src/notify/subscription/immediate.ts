import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import { type Instant, wholeSecond } from "../../engine/ledger/instant.ts";
import { hash64 } from "../../engine/values/hash.ts";
import { maxPlaces } from "../../formats/transitions.ts";
import { advance, cursorAt, openOf } from "./cursor.ts";
import { type Effect, effectsOf } from "./effects.ts";
import { hourMs, type OpenGroup, openGroups } from "./groups.ts";
import type { Happening, ReportedChange, RuleAdoption } from "./happening.ts";
import { selectsEffect, selectsHappening } from "./selection.ts";
import type { PendingTransitions, SubscriptionState } from "./state.ts";

/** Messages that may wait for their delivery; what comes on top goes into the digest. */
const maxPending = 50;
/** Messages that are remembered for the limits, over all channels. */
const maxSent = 500;

export interface ImmediateFacts {
  readonly uid: string;
  readonly now: Instant;
  readonly spec: ReportSubscriptionSpec;
  readonly happenings: readonly Happening[];
  readonly looked: number;
}

export interface ImmediateStep {
  readonly state: SubscriptionState;
  /** When a group will be due. */
  readonly wakeAt: Instant | undefined;
}

/** Turns what has happened into messages, as far as their time has come and the limits allow; pure. */
export function planImmediate(state: SubscriptionState, facts: ImmediateFacts): ImmediateStep {
  const { spec, now } = facts;
  if (spec.immediate === undefined || spec.suspend)
    return { state: { ...state, cursor: undefined }, wakeAt: undefined };
  const selected = facts.happenings.filter((one) => selectsHappening(spec.filter, one));
  if (state.cursor === undefined) return { state: { ...state, cursor: cursorAt(now, selected) }, wakeAt: undefined };
  const open = openOf(state.cursor, selected, facts);
  const sent = state.sent.filter(({ at }) => at + hourMs > now);
  const plan = planGroups(openGroups(open, spec, { sent }, now), { ...state, sent }, facts);
  const unchanged = plan.done.length === 0 && open.every(({ at }) => at > (state.cursor?.through ?? 0));
  if (unchanged && state.cursor.through <= now) return { state, wakeAt: plan.wakeAt };
  const done = new Set(plan.done);
  const left = open.filter((one) => !done.has(one));
  const { cursor, passedOver } = advance(state.cursor, plan.done, left, selected, now);
  const heldBack = new Map(plan.state.heldBack);
  const lost = openGroups(
    left.filter(({ id }) => passedOver.has(id)),
    spec,
    { sent },
    now,
  );
  for (const { channel } of lost) heldBack.set(channel, 1 + (heldBack.get(channel) ?? 0));
  return { state: { ...plan.state, cursor, heldBack }, wakeAt: plan.wakeAt };
}

interface GroupPlan {
  readonly state: SubscriptionState;
  readonly done: readonly Happening[];
  readonly wakeAt: Instant | undefined;
}

function planGroups(groups: readonly OpenGroup[], before: SubscriptionState, facts: ImmediateFacts): GroupPlan {
  const { spec, now, uid } = facts;
  const limit = spec.immediate?.maxPerHour ?? 0;
  const done: Happening[] = [];
  const later: Instant[] = [];
  let state = before;
  for (const group of groups) {
    if (group.due > now) {
      later.push(group.due);
      continue;
    }
    const message = messageOf(group, uid, spec, now);
    const room = message === undefined ? "needless" : roomFor(group.channel, state, limit);
    // Without a digest nothing would ever tell of it: it waits.
    if (room === "full" && spec.digest === undefined) {
      later.push(roomAt(group.channel, state, now));
      continue;
    }
    done.push(...group.happenings);
    if (message !== undefined && room === "free") state = planned(state, message, group, now);
    if (room === "full") state = heldBackOne(state, group.channel);
  }
  return { state, done, wakeAt: later.length === 0 ? undefined : Math.min(...later) };
}

function roomFor(channel: string, { sent, pending }: SubscriptionState, limit: number): "free" | "full" {
  const own = sent.filter((one) => one.channel === channel).length;
  return own < limit && sent.length < maxSent && pending.length < maxPending ? "free" : "full";
}

/** When the next message of the channel may be sent, at the earliest. */
function roomAt(channel: string, { sent }: SubscriptionState, now: Instant): Instant {
  const first = sent.find((one) => one.channel === channel);
  return Math.max(now + 60_000, (first?.at ?? 0) + hourMs);
}

function planned(
  state: SubscriptionState,
  message: PendingTransitions,
  { channel, key }: OpenGroup,
  now: Instant,
): SubscriptionState {
  return {
    ...state,
    pending: [...state.pending, message],
    sent: [...state.sent, { at: wholeSecond(now), channel, group: key }],
  };
}

/** One message of the channel is left to the next digest. */
export function heldBackOne(state: SubscriptionState, channel: string): SubscriptionState {
  return { ...state, heldBack: new Map(state.heldBack).set(channel, 1 + (state.heldBack.get(channel) ?? 0)) };
}

/** Undefined if nothing is left to tell. */
function messageOf(
  { channel, group, key, happenings }: OpenGroup,
  uid: string,
  spec: ReportSubscriptionSpec,
  now: Instant,
): PendingTransitions | undefined {
  const adoptions = happenings.filter((one): one is RuleAdoption => one.kind === "adoption");
  const changes = happenings.filter((one): one is ReportedChange => one.kind === "change");
  const effects = effectsOf(changes).filter((effect) => selectsEffect(spec.filter, effect));
  if (effects.length === 0 && adoptions.length === 0) return undefined;
  const ids = [...adoptions.map(({ id }) => id), ...effects.map(({ change }) => change.id)];
  return {
    id: hash64(JSON.stringify([uid, "transitions", key, ids])),
    kind: "transitions",
    channel,
    at: wholeSecond(now),
    group,
    changes: [...adoptions.slice(-1).map(({ id }) => id), ...shownOf(effects, "added"), ...shownOf(effects, "fixed")],
    added: sum(effects, "added"),
    fixed: sum(effects, "fixed"),
    failures: 0,
  };
}

/** Ids of what is shown: the latest. */
function shownOf(effects: readonly Effect[], what: Effect["what"]): readonly string[] {
  return effects
    .filter((effect) => effect.what === what)
    .slice(-maxPlaces)
    .map(({ change }) => change.id);
}

function sum(effects: readonly Effect[], what: Effect["what"]): number {
  return effects.reduce((total, effect) => total + (effect.what === what ? effect.change.count : 0), 0);
}
