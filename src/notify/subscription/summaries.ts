import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import { next, parseSchedule, type Schedule } from "../../api/schedule.ts";
import { type Instant, wholeSecond } from "../../engine/ledger/instant.ts";
import { hash64 } from "../../engine/values/hash.ts";
import { channelsOf, filterFor } from "./routing.ts";
import type { PendingDigest, SubscriptionState } from "./state.ts";

/** A digest that is decided later than this after it was due says so. */
const lateMs = 5 * 60_000;
/** The last reports of a scan are written after it has ended. */
const writingMs = 10_000;

export interface SummaryFacts {
  readonly uid: string;
  readonly now: Instant;
  readonly spec: ReportSubscriptionSpec;
  /** The spec is another than that of the last look: its schedule may be, too. */
  readonly isEdited: boolean;
  /** When the last of the selected policies was scanned; undefined if one never was, or there is none. */
  readonly scannedAt: Instant | undefined;
}

export interface SummaryStep {
  readonly state: SubscriptionState;
  /** When the report of the baseline will be due, or else the next digest. */
  readonly wakeAt: Instant | undefined;
}

/** Decides on the report of the baseline and on digests that are due; pure. */
export function planSummaries(before: SubscriptionState, facts: SummaryFacts): SummaryStep {
  const { spec, now, scannedAt } = facts;
  const channels = channelsOf(spec).filter((channel) => filterFor(spec, channel) !== undefined);
  const told = new Map(channels.map((channel) => [channel, before.told.get(channel) ?? wholeSecond(now)]));
  let state: SubscriptionState = { ...before, told };
  if (spec.suspend) return { state: { ...state, nextDigest: undefined }, wakeAt: undefined };
  const baselineDue = scannedAt === undefined || state.baselineReport !== undefined ? undefined : scannedAt + writingMs;
  if (baselineDue !== undefined && baselineDue <= now) {
    state = { ...state, baselineReport: wholeSecond(now) };
    for (const channel of channels) state = withSummary(state, "baseline", channel, facts, undefined);
  }
  const waits = baselineDue !== undefined && baselineDue > now ? [baselineDue] : [];
  const schedule = scheduleOf(spec);
  if (schedule === undefined || spec.digest === undefined)
    return { state: { ...state, nextDigest: undefined }, wakeAt: waits[0] };
  const { timeZone } = spec.digest;
  const due = state.nextDigest;
  const isDue = due !== undefined && due <= now;
  if (isDue) for (const channel of channels) state = withSummary(state, "digest", channel, facts, due);
  const nextDigest = nextDue(schedule, timeZone, isDue || facts.isEdited ? undefined : due, now);
  return { state: { ...state, nextDigest }, wakeAt: Math.min(nextDigest, ...waits) };
}

function scheduleOf({ digest }: ReportSubscriptionSpec): Schedule | undefined {
  if (digest === undefined) return undefined;
  const parsed = parseSchedule(digest.schedule, digest.timeZone);
  return parsed.ok ? parsed.schedule : undefined;
}

/** @param planned from an earlier look, which counts unless it was planned by a clock that has been set back */
function nextDue(schedule: Schedule, timeZone: string, planned: Instant | undefined, now: Instant): Instant {
  const coming = next(schedule, timeZone, new Date(now));
  if (planned === undefined) return coming.getTime();
  // After a clock that was an hour ahead today's digest has been sent; after one that was a week ahead none shall be missed.
  return Math.min(planned, next(schedule, timeZone, coming).getTime());
}

/** A digest takes the place of one of the same channel that could not be delivered yet, and begins where that one begins. */
function withSummary(
  state: SubscriptionState,
  kind: PendingDigest["kind"],
  channel: string,
  { uid, now }: SummaryFacts,
  due: Instant | undefined,
): SubscriptionState {
  const replaced = state.pending.filter((one) => one.kind === kind && one.channel === channel);
  const at = wholeSecond(now);
  const held = state.heldBack.get(channel) ?? 0;
  const heldBack = new Map(state.heldBack);
  if (kind === "digest") heldBack.delete(channel);
  const inherited = replaced.reduce((sum, one) => sum + (one.kind === "transitions" ? 0 : one.heldBack), 0);
  const pending: PendingDigest = {
    id: hash64(JSON.stringify([uid, kind, channel, due ?? at])),
    kind,
    channel,
    at,
    since: Math.min(state.told.get(channel) ?? at, at),
    ...(due !== undefined && now - due > lateMs ? { due } : {}),
    heldBack: kind === "digest" ? held + inherited : 0,
    failures: 0,
  };
  return { ...state, pending: [...state.pending.filter((one) => !replaced.includes(one)), pending], heldBack };
}
