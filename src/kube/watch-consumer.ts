import type { ObjectKey } from "./api-type.ts";
import type { RawObject } from "./object.ts";

/**
 * Who is fed by a reflector. Calls come one after the other, each awaited before the next, so a slow consumer
 * slows the stream down instead of filling memory. A consumer that throws has lost an object: the reflector
 * reports itself stale and lists everything again.
 */
export interface WatchConsumer {
  /**
   * What the consumer makes of an object of this namespace rests on this and on the object alone. While it holds, a full pass
   * gives no object whose text is the one, byte for byte, that the consumer has taken in before. Undefined, or no such
   * method: all are given.
   */
  basis?(namespace: string): Basis | undefined;
  /** The object exists, as given. `apiVersion` and `kind` are always there, also for items of lists and metadata only. */
  onUpsert(object: RawObject, context: UpsertContext): void | Promise<void>;
  /** The object is gone, or one of the same name but another uid takes its place (then `onUpsert` follows). */
  onDelete(deleted: DeletedObject): void | Promise<void>;
  /** A full pass has ended: everything that exists was given to `onUpsert`, in it or (see `basis`) before; all else was given to `onDelete`. */
  onSynced(pass: CompletedPass): void | Promise<void>;
  /** From now on the state may lag behind. Called again when the reason changes; `since` stays. `status` holds the latest message. */
  onStale(stale: Stale): void | Promise<void>;
  /** The state is complete and current again. Not called for the first pass: that is `onSynced`. */
  onCurrent(): void | Promise<void>;
}

export interface Basis {
  /** Whether it is still what it was. */
  readonly holds: boolean;
}

export interface UpsertContext {
  /** Part of a full pass, which `onSynced` will close; the object itself may be unchanged. */
  readonly initial: boolean;
}

export interface DeletedObject extends ObjectKey {
  readonly uid: string;
  /** The last state, where the server sent it; absent for a deletion that was noticed only by listing. */
  readonly object?: RawObject;
}

export interface CompletedPass {
  /** `first`; `resync` after history was lost; `relist` as asked for. */
  readonly pass: PassKind;
  /** Objects that exist. */
  readonly objects: number;
}

export type PassKind = "first" | "resync" | "relist";

/** `starting`: never listed so far and no failure yet; only seen in `status`. */
export type StaleReason = "starting" | "forbidden" | "not-served" | "error" | "silent";

export interface Stale {
  readonly reason: StaleReason;
  /** What the server or the connection said. For people; never compare it. */
  readonly message: string;
  /** By the monotonic clock, milliseconds: the last moment at which the state was known to be current. */
  readonly since: number;
}

/** What a reflector knows about itself at this moment. */
export interface ReflectorStatus {
  /** A full pass has been completed at least once. */
  readonly synced: boolean;
  /** Null while the state is complete and current. */
  readonly stale: Stale | null;
  /** End of the last full pass, milliseconds since the epoch. */
  readonly lastPassAt: number | null;
  /** Objects known to exist. */
  readonly objects: number;
}

export type RestartReason =
  | "timeout"
  | "expired"
  | "silent"
  | "throttled"
  | "forbidden"
  | "not-served"
  | "error"
  | "relist";

/** Feeds `watch_restarts_total{kind,reason}` and `watch_last_activity_timestamp_seconds{kind}`. */
export interface ReflectorMetrics {
  restart(kind: string, reason: RestartReason): void;
  /** An event, a bookmark or a list arrived. */
  activity(kind: string): void;
}
