import { type Instant, wholeSecond } from "../../engine/ledger/instant.ts";
import { heldBackOne } from "./immediate.ts";
import type { Failing, Pending, SubscriptionState } from "./state.ts";

/** Immediate messages are not worth more: the digest tells of them. */
const giveUpMs = 3_600_000;
const firstDelayMs = 10_000;
/** However often it fails, or the receiver asks for patience: what is in vain until a person acts is tried again, too. */
export const longestDelayMs = 3_600_000;
const longestBackoffMs = 15 * 60_000;
const maxMessage = 1024;

/** How an attempt failed. */
export interface Failure {
  /** One CamelCase word. */
  readonly reason: string;
  readonly message: string;
  /** `afterMs`: as the receiver asks. */
  readonly retry: { readonly afterMs?: number } | "never";
  /** The receiver may have taken it all the same. */
  readonly unconfirmed: boolean;
}

/**
 * What an earlier process has begun and not concluded may have arrived: it is sent once more, as a repeat. What was a repeat already
 * is not sent a third time.
 */
export function recovered(state: SubscriptionState, now: Instant): SubscriptionState {
  return state.pending.reduce((next, pending) => {
    if (pending.unconfirmed === undefined) return next;
    const { unconfirmed: _unconfirmed, ...rest } = pending;
    if (pending.repeated === undefined) return replaced(next, { ...rest, repeated: true });
    return givenUp(
      failed(next, pending, now, {
        reason: "Unconfirmed",
        message: "The process ended twice while it was being sent; it may have arrived",
      }),
      pending,
    );
  }, state);
}

/** The first message that may be sent now: its attempt is begun in the state that is returned. */
export function begun(
  state: SubscriptionState,
  now: Instant,
): { readonly state: SubscriptionState; readonly pending: Pending } | undefined {
  const first = state.pending.find(({ nextAttempt = now }) => nextAttempt <= now);
  if (first === undefined) return undefined;
  const { nextAttempt: _nextAttempt, ...rest } = first;
  const pending: Pending = { ...rest, unconfirmed: true };
  return { state: replaced(state, pending), pending };
}

/** When the next attempt is due, of what is not due yet. */
export function nextAttempt(state: SubscriptionState): Instant | undefined {
  const times = state.pending.flatMap((one) => one.nextAttempt ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Recipients that were refused while the others got the message. */
export interface PartlyRefused {
  /** Where they stand: `spec.sink.email.to`. */
  readonly field: string;
  readonly refused: readonly string[];
}

/** The receiver has taken it. Whoever was refused stands in `lastFailure`: another attempt would repeat it to the others. */
export function delivered(
  state: SubscriptionState,
  pending: Pending,
  now: Instant,
  partly?: PartlyRefused,
): SubscriptionState {
  const { id, kind, channel, repeated } = pending;
  const told = new Map(state.told);
  if (kind === "digest") told.set(channel, pending.at);
  const noted =
    partly === undefined
      ? state
      : withLastFailure(state, pending, now, { reason: "UnknownChannel", message: refusal(partly) });
  return {
    ...without(noted, id),
    told,
    failing: state.failing.filter((one) => one.channel !== channel),
    lastDelivery: { id, kind, channel, at: wholeSecond(now), ...(repeated === undefined ? {} : { repeated }) },
  };
}

/** The attempt failed: there will be another, or the digest tells of it. */
export function missed(state: SubscriptionState, pending: Pending, now: Instant, failure: Failure): SubscriptionState {
  const noted = failed(state, pending, now, failure);
  const { retry, unconfirmed } = failure;
  const { unconfirmed: _unconfirmed, ...rest } = pending;
  if (unconfirmed && pending.repeated !== undefined) return givenUp(noted, pending);
  const isTransitions = pending.kind === "transitions";
  if (isTransitions && (retry === "never" || now - pending.at >= giveUpMs)) return givenUp(noted, pending);
  const failures = pending.failures + 1;
  const delayMs =
    retry === "never"
      ? longestDelayMs
      : Math.max(retry.afterMs ?? 0, Math.min(firstDelayMs * 2 ** (failures - 1), longestBackoffMs));
  return replaced(noted, {
    ...rest,
    failures,
    nextAttempt: wholeSecond(now + Math.min(delayMs, longestDelayMs) + 999),
    ...(unconfirmed ? { repeated: true } : {}),
  });
}

/** It was not sent after all: as if the attempt had not begun. */
export function notBegun(state: SubscriptionState, pending: Pending): SubscriptionState {
  const { unconfirmed: _unconfirmed, ...rest } = pending;
  return replaced(state, rest);
}

/** There is nothing to tell of. */
export function needless(state: SubscriptionState, { id }: Pending): SubscriptionState {
  return without(state, id);
}

/** The spec or its credentials are others: what failed before says nothing about them, and whatever waits may be tried at once. */
export function unblocked(state: SubscriptionState): SubscriptionState {
  return {
    ...state,
    failing: [],
    pending: state.pending.map(({ nextAttempt: _nextAttempt, ...rest }) => rest),
  };
}

/** Messages to channels that the spec no longer names are left to the digest. */
export function withChannels(
  state: SubscriptionState,
  channels: readonly string[],
  fallback: string,
): SubscriptionState {
  const kept = { ...state, failing: state.failing.filter(({ channel }) => channels.includes(channel)) };
  const moved = [...kept.heldBack].filter(([channel]) => !channels.includes(channel));
  const heldBack = new Map(kept.heldBack);
  for (const [channel, messages] of moved) {
    heldBack.delete(channel);
    heldBack.set(fallback, messages + (heldBack.get(fallback) ?? 0));
  }
  return kept.pending
    .filter(({ channel }) => !channels.includes(channel))
    .reduce<SubscriptionState>((next, pending) => givenUp(next, { ...pending, channel: fallback }), {
      ...kept,
      heldBack,
    });
}

/** What is given up is not lost: the next digest counts it, and a digest's period is told by the next one. */
function givenUp(state: SubscriptionState, pending: Pending): SubscriptionState {
  const rest = without(state, pending.id);
  if (pending.kind === "transitions") return heldBackOne(rest, pending.channel);
  if (pending.heldBack === 0) return rest;
  const held = pending.heldBack + (rest.heldBack.get(pending.channel) ?? 0);
  return { ...rest, heldBack: new Map(rest.heldBack).set(pending.channel, held) };
}

function failed(
  state: SubscriptionState,
  pending: Pending,
  now: Instant,
  why: Pick<Failure, "reason" | "message"> & { readonly retry?: Failure["retry"] },
): SubscriptionState {
  const { channel } = pending;
  const message = shortened(why.message);
  const before = state.failing.find((one) => one.channel === channel);
  const since = before?.since ?? wholeSecond(now);
  const failing: Failing = { channel, since, reason: why.reason, message, stalled: why.retry === "never" };
  return {
    ...withLastFailure(state, pending, now, why),
    failing: [...state.failing.filter((one) => one !== before), failing].sort((a, b) =>
      a.channel < b.channel ? -1 : 1,
    ),
  };
}

function withLastFailure(
  state: SubscriptionState,
  { id, kind, channel }: Pending,
  now: Instant,
  { reason, message }: Pick<Failure, "reason" | "message">,
): SubscriptionState {
  return { ...state, lastFailure: { id, kind, channel, at: wholeSecond(now), reason, message: shortened(message) } };
}

function refusal({ field, refused }: PartlyRefused): string {
  const [were, them] = refused.length === 1 ? ["was", "it"] : ["were", "them"];
  return `${field}: delivered to the others, but ${refused.join(", ")} ${were} refused. Correct or remove ${them}.`;
}

function shortened(text: string): string {
  return text.length <= maxMessage ? text : `${text.slice(0, maxMessage - 1).toWellFormed()}…`;
}

function replaced(state: SubscriptionState, pending: Pending): SubscriptionState {
  return { ...state, pending: state.pending.map((one) => (one.id === pending.id ? pending : one)) };
}

function without(state: SubscriptionState, id: string): SubscriptionState {
  return { ...state, pending: state.pending.filter((one) => one.id !== id) };
}
