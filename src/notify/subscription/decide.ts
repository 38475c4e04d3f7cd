import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import { type Instant, wholeSecond } from "../../engine/ledger/instant.ts";
import { begun, longestDelayMs, nextAttempt, recovered, unblocked, withChannels } from "./attempts.ts";
import type { Happening } from "./happening.ts";
import { planImmediate } from "./immediate.ts";
import { channelsOf, fallbackChannel } from "./routing.ts";
import type { Pending, SubscriptionState } from "./state.ts";
import { planSummaries } from "./summaries.ts";

/** Everything that a look at one subscription rests on. Nothing of it is being sent by this process. */
export interface SubscriptionFacts {
  readonly uid: string;
  /** By the API server's clock. */
  readonly now: Instant;
  readonly spec: ReportSubscriptionSpec;
  readonly state: SubscriptionState;
  /** What the reports and the Policies say has happened; undefined while that is not known completely. */
  readonly happenings: readonly Happening[] | undefined;
  /** The last arrival that an earlier look of this process took into account; 0 before the first. */
  readonly looked: number;
  /** The spec is another than that of the last look. */
  readonly isEdited: boolean;
  /** The credentials are others than those of the last attempt that failed. */
  readonly isRenewed: boolean;
  /** When the last of the selected policies was scanned; undefined if one never was, or there is none. */
  readonly scannedAt: Instant | undefined;
}

export interface SubscriptionDecision {
  /** To be persisted before anything is sent. */
  readonly state: SubscriptionState;
  /** What is to be sent once that is persisted; its attempt is noted as begun. */
  readonly attempt: Pending | undefined;
  /** When time alone changes something. */
  readonly wakeAt: Instant | undefined;
}

/** What a subscription does next. Pure: whoever asks again with what was persisted gets nothing twice and misses nothing. */
export function decide(facts: SubscriptionFacts): SubscriptionDecision {
  const { now, spec, isEdited, isRenewed } = facts;
  let state = withChannels(notAhead(recovered(facts.state, now), now), channelsOf(spec), fallbackChannel(spec));
  if (isEdited || isRenewed) state = unblocked(state);
  const { happenings } = facts;
  const immediate =
    happenings === undefined ? { state, wakeAt: undefined } : planImmediate(state, { ...facts, happenings });
  const summaries = planSummaries(immediate.state, facts);
  state = summaries.state;
  const attempt = spec.suspend ? undefined : begun(state, now);
  const wakes = [immediate.wakeAt, summaries.wakeAt, nextAttempt(state)].filter((at) => at !== undefined);
  return {
    state: attempt?.state ?? state,
    attempt: attempt?.pending,
    wakeAt: wakes.length === 0 ? undefined : Math.min(...wakes),
  };
}

/** What was noted by a clock that has since been set back: it counts as of now. */
function notAhead(state: SubscriptionState, now: Instant): SubscriptionState {
  const latest = wholeSecond(now);
  const latestAttempt = latest + longestDelayMs;
  const ahead = [...state.told.values(), ...state.sent.map(({ at }) => at), ...state.pending.map(({ at }) => at)];
  const isEarly = ({ nextAttempt: at = latest }: Pending) => at <= latestAttempt;
  if (ahead.every((at) => at <= latest) && state.pending.every(isEarly)) return state;
  return {
    ...state,
    told: new Map([...state.told].map(([channel, until]) => [channel, Math.min(until, latest)])),
    sent: state.sent.map((one) => ({ ...one, at: Math.min(one.at, latest) })),
    pending: state.pending.map((one) => ({
      ...one,
      at: Math.min(one.at, latest),
      ...(one.nextAttempt === undefined ? {} : { nextAttempt: Math.min(one.nextAttempt, latestAttempt) }),
    })),
  };
}
