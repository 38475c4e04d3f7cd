import type { ReportSubscriptionStatus } from "../../api/report-subscription-status.ts";
import { formatInstant, type Instant, parseInstant } from "../../engine/ledger/instant.ts";

/** Up to where the changes of the reports were looked at. */
export interface Cursor {
  /** Every change up to this time has been told, or passed over. */
  readonly through: Instant;
  /** Ids of later ones of which the same can be said, by their time. */
  readonly handled: ReadonlyMap<Instant, ReadonlySet<string>>;
}

/** What the transitions of one message have in common. */
export interface Group {
  readonly rule: string;
  /** Absent where teams are not told apart. */
  readonly owner?: string;
  /** The policy that adopted the rule. */
  readonly policy?: string;
}

interface PendingCommon {
  readonly id: string;
  /** Empty where the sink has only one. */
  readonly channel: string;
  readonly at: Instant;
  readonly unconfirmed?: true;
  readonly repeated?: true;
  readonly failures: number;
  readonly nextAttempt?: Instant;
}

export interface PendingTransitions extends PendingCommon {
  readonly kind: "transitions";
  readonly group: Group;
  /** Ids of what is shown. */
  readonly changes: readonly string[];
  readonly added: number;
  readonly fixed: number;
}

export interface PendingDigest extends PendingCommon {
  readonly kind: "digest" | "baseline";
  readonly since: Instant;
  /** When it should have been sent, if that was missed. */
  readonly due?: Instant;
  readonly heldBack: number;
}

export type Pending = PendingTransitions | PendingDigest;

export interface Failing {
  readonly channel: string;
  readonly since: Instant;
  readonly reason: string;
  readonly message: string;
  readonly stalled: boolean;
}

export type LastDelivery = Pick<Pending, "id" | "kind" | "channel" | "at"> & { readonly repeated?: true };
export type LastFailure = Pick<Pending, "id" | "kind" | "channel" | "at"> & {
  readonly reason: string;
  readonly message: string;
};

/** Everything of a subscription that outlives a process: the durable part of its status, as values. Instants are whole seconds. */
export interface SubscriptionState {
  readonly cursor: Cursor | undefined;
  readonly pending: readonly Pending[];
  /** Immediate messages of the last hour, oldest first. */
  readonly sent: readonly { readonly at: Instant; readonly channel: string; readonly group: string }[];
  /** By channel. */
  readonly heldBack: ReadonlyMap<string, number>;
  /** How far the digests of a channel reach. */
  readonly told: ReadonlyMap<string, Instant>;
  readonly failing: readonly Failing[];
  readonly nextDigest: Instant | undefined;
  readonly baselineReport: Instant | undefined;
  readonly lastDelivery: LastDelivery | undefined;
  readonly lastFailure: LastFailure | undefined;
}

/** The part of the status that `SubscriptionState` stands for. */
export type StateFields = Omit<ReportSubscriptionStatus, "observedGeneration" | "conditions" | "sink">;

type PendingField = NonNullable<StateFields["pending"]>[number];

/** Of a subscription that was never looked at: the state of an empty status. */
export function readState(status: StateFields = {}): SubscriptionState {
  const { cursor, lastDelivery, lastFailure } = status;
  return {
    cursor: cursor && {
      through: parseInstant(cursor.through),
      handled: new Map(cursor.handled.map(({ at, ids }) => [parseInstant(at), new Set(ids)])),
    },
    pending: (status.pending ?? []).map(readPending),
    sent: (status.sent ?? []).map(({ at, channel = "", group }) => ({ at: parseInstant(at), channel, group })),
    heldBack: new Map((status.heldBack ?? []).map(({ channel = "", messages }) => [channel, messages])),
    told: new Map((status.told ?? []).map(({ channel = "", until }) => [channel, parseInstant(until)])),
    failing: (status.failing ?? []).map(({ channel = "", since, stalled = false, ...rest }) => ({
      ...rest,
      channel,
      since: parseInstant(since),
      stalled,
    })),
    nextDigest: instantOf(status.nextDigest),
    baselineReport: instantOf(status.baselineReport),
    lastDelivery: lastDelivery && {
      id: lastDelivery.id,
      kind: lastDelivery.kind,
      channel: lastDelivery.channel ?? "",
      at: parseInstant(lastDelivery.at),
      ...(lastDelivery.repeated === true ? { repeated: true } : {}),
    },
    lastFailure: lastFailure && {
      ...lastFailure,
      channel: lastFailure.channel ?? "",
      at: parseInstant(lastFailure.at),
    },
  };
}

/** Empty parts are left out, so that a status says no more than there is. */
export function writeState(state: SubscriptionState): StateFields {
  const { cursor, pending, sent, failing, lastDelivery, lastFailure } = state;
  return {
    ...(cursor === undefined
      ? {}
      : {
          cursor: {
            through: formatInstant(cursor.through),
            handled: byKey(cursor.handled).map(([at, ids]) => ({ at: formatInstant(at), ids: [...ids].sort() })),
          },
        }),
    ...listed("pending", pending.map(writePending)),
    ...listed(
      "sent",
      sent.map(({ at, channel, group }) => ({ at: formatInstant(at), ...named(channel), group })),
    ),
    ...listed(
      "heldBack",
      byKey(state.heldBack).map(([channel, messages]) => ({ ...named(channel), messages })),
    ),
    ...listed(
      "told",
      byKey(state.told).map(([channel, until]) => ({ ...named(channel), until: formatInstant(until) })),
    ),
    ...listed(
      "failing",
      failing.map(({ channel, since, stalled, ...rest }) => ({
        ...rest,
        ...named(channel),
        since: formatInstant(since),
        ...(stalled ? { stalled } : {}),
      })),
    ),
    ...(state.nextDigest === undefined ? {} : { nextDigest: formatInstant(state.nextDigest) }),
    ...(state.baselineReport === undefined ? {} : { baselineReport: formatInstant(state.baselineReport) }),
    ...(lastDelivery === undefined ? {} : { lastDelivery: written(lastDelivery) }),
    ...(lastFailure === undefined ? {} : { lastFailure: written(lastFailure) }),
  };
}

function readPending(field: PendingField): Pending {
  const common = {
    id: field.id,
    channel: field.channel ?? "",
    at: parseInstant(field.at),
    ...(field.unconfirmed === true ? { unconfirmed: true as const } : {}),
    ...(field.repeated === true ? { repeated: true as const } : {}),
    failures: field.failures ?? 0,
    ...(field.nextAttempt === undefined ? {} : { nextAttempt: parseInstant(field.nextAttempt) }),
  };
  if (field.kind === "transitions") {
    const { group = { rule: "" }, changes = [], added = 0, fixed = 0 } = field;
    return { ...common, kind: field.kind, group, changes, added, fixed };
  }
  return {
    ...common,
    kind: field.kind,
    since: parseInstant(field.since ?? field.at),
    ...(field.due === undefined ? {} : { due: parseInstant(field.due) }),
    heldBack: field.heldBack ?? 0,
  };
}

function writePending(pending: Pending): PendingField {
  const { id, kind, channel, at, unconfirmed, repeated, failures, nextAttempt } = pending;
  return {
    id,
    kind,
    ...named(channel),
    at: formatInstant(at),
    ...(pending.kind === "transitions"
      ? { group: pending.group, changes: pending.changes, added: pending.added, fixed: pending.fixed }
      : {
          since: formatInstant(pending.since),
          ...(pending.due === undefined ? {} : { due: formatInstant(pending.due) }),
          ...(pending.heldBack === 0 ? {} : { heldBack: pending.heldBack }),
        }),
    ...(unconfirmed === undefined ? {} : { unconfirmed }),
    ...(repeated === undefined ? {} : { repeated }),
    ...(failures === 0 ? {} : { failures }),
    ...(nextAttempt === undefined ? {} : { nextAttempt: formatInstant(nextAttempt) }),
  };
}

function written<T extends { readonly channel: string; readonly at: Instant }>({ channel, at, ...rest }: T) {
  return { ...rest, ...named(channel), at: formatInstant(at) };
}

function named(channel: string): { readonly channel?: string } {
  return channel === "" ? {} : { channel };
}

function listed<Name extends string, T>(name: Name, list: readonly T[]): { readonly [Key in Name]?: readonly T[] } {
  return list.length === 0 ? {} : ({ [name]: list } as { readonly [Key in Name]: readonly T[] });
}

function byKey<Key extends string | number, T>(map: ReadonlyMap<Key, T>): readonly (readonly [Key, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function instantOf(text: string | undefined): Instant | undefined {
  return text === undefined ? undefined : parseInstant(text);
}
