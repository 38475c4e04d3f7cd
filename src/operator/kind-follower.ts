import type { Instant } from "../engine/ledger/types.ts";
import type { KindName } from "../engine/resource.ts";
import type { ApiType, ObjectKey } from "../kube/api-type.ts";
import type { KubeClient } from "../kube/client.ts";
import { type Clock, type Random, sleep } from "../kube/clock.ts";
import { ForbiddenError, NotFoundError } from "../kube/errors.ts";
import type { Logger } from "../kube/logger.ts";
import type { RawObject } from "../kube/object.ts";
import { Reflector } from "../kube/reflector.ts";
import type { SyncSlots } from "../kube/sync-slots.ts";
import type { Basis, ReflectorMetrics, Stale } from "../kube/watch-consumer.ts";

/** One kind that some policy asks for, as the API server serves it. */
export interface FollowedKind {
  readonly type: ApiType;
  /** Only metadata is read: payloads of Secrets are nobody's business. */
  readonly metadataOnly: boolean;
  /** False: nobody wants to see changes as they happen, there are only full passes. */
  readonly watch: boolean;
}

/** Told of every object and of every change in what is known about a kind. */
export interface KindListener {
  /** See `WatchConsumer.basis`. */
  basis(kind: KindName, namespace: string): Basis | undefined;
  onObject(kind: KindName, object: RawObject): void;
  onGone(kind: KindName, key: ObjectKey): void;
  /** Complete and current, or not any more. */
  onState(kind: KindName): void;
  /** The API server does not know the kind any more: discovery should look again. */
  onNotServed(kind: KindName): void;
  /** A kind that `relist` gave up waiting for has been read after all. */
  onReadLate(kind: KindName): void;
}

export interface KindFollowerOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ReflectorMetrics;
  /** Shared by all reflectors of the cluster. */
  readonly slots: SyncSlots;
  readonly listener: KindListener;
}

/** A pass does not wait longer than this for a kind. */
const patienceMs = 60_000;
/** Of a kind whose lists have failed for this long, only one more is waited for: other kinds and policies must not wait for it. */
const brokenAfterMs = 10_000;
const retryMs = { first: 1_000, longest: 30_000 };

interface Followed {
  readonly kind: KindName;
  wanted: FollowedKind;
  readonly reflector: Reflector;
  readonly stop: AbortController;
  readonly done: Promise<void>;
  /** Since when it is stale, by both clocks. */
  staleSince: { readonly local: number; readonly server: Instant } | undefined;
  /** Local monotonic time of the first of the failed lists in a row. */
  failingSince: number | undefined;
  /** The latest `relist`; an earlier one that is still trying gives way to it. */
  attempt: symbol | undefined;
  /** Ends the pause before the next attempt. */
  pause: AbortController;
}

/** Follows the kinds that policies ask for, one reflector each, and says of each how well it is known. */
export class KindFollower {
  readonly #options: KindFollowerOptions;
  readonly #followed = new Map<KindName, Followed>();
  #stopped = false;

  constructor(options: KindFollowerOptions) {
    this.#options = options;
  }

  /**
   * Follows exactly these kinds from now on. One that is read in another way than before, such as in another version, is both dropped
   * and added: who reads it anew does not know what was there before.
   */
  follow(wanted: ReadonlyMap<KindName, FollowedKind>): {
    readonly dropped: readonly KindName[];
    readonly added: readonly KindName[];
  } {
    const dropped = this.unfollow((kind, followed) => {
      const next = wanted.get(kind);
      return next === undefined || !readAlike(next, followed);
    });
    const added: KindName[] = [];
    for (const [kind, next] of this.#stopped ? [] : wanted) {
      const followed = this.#followed.get(kind);
      if (followed === undefined) {
        this.#followed.set(kind, this.#start(kind, next));
        added.push(kind);
        continue;
      }
      followed.wanted = next;
      followed.reflector.watching = next.watch;
    }
    return { dropped, added };
  }

  /** Follows these kinds no more; returns them. */
  unfollow(ends: (kind: KindName, followed: FollowedKind) => boolean): readonly KindName[] {
    const ending = [...this.#followed.values()].filter(({ kind, wanted }) => ends(kind, wanted));
    for (const { kind, stop } of ending) {
      stop.abort();
      this.#followed.delete(kind);
    }
    return ending.map(({ kind }) => kind);
  }

  /**
   * Reads everything of these kinds anew, so that every object is judged by the policies of now. Resolves with the kinds that could not
   * be read for the time being. Each goes on trying; when it succeeds it leaves the set, and `onReadLate` tells.
   */
  async relist(kinds: Iterable<KindName>): Promise<ReadonlySet<KindName>> {
    const unread = new Set<KindName>();
    await Promise.all(
      [...kinds].map(async (kind) => {
        const followed = this.#followed.get(kind);
        if (followed !== undefined) await this.#read(followed, unread);
      }),
    );
    return unread;
  }

  /** Reads one namespace anew, of every namespaced kind: its labels changed, and with them what judges in it. */
  async listNamespace(namespace: string, signal: AbortSignal): Promise<void> {
    const namespaced = [...this.#followed.values()].filter(({ wanted }) => wanted.type.namespaced);
    await Promise.all(namespaced.map((followed) => this.#listWithin(followed, namespace, signal)));
  }

  /** Null: complete and current. Undefined: not followed. `since` is an instant by the API server's clock. */
  stale(kind: KindName): Stale | null | undefined {
    const followed = this.#followed.get(kind);
    if (followed === undefined) return undefined;
    const { stale } = followed.reflector.status;
    if (stale === null) return null;
    // Converted once: both clocks are estimates, and what is shown must not waver with them.
    if (followed.staleSince?.local !== stale.since)
      followed.staleSince = { local: stale.since, server: this.#serverInstant(stale.since) };
    return { ...stale, since: followed.staleSince.server };
  }

  /** A kind that may not be read holds nothing that was judged by the old labels either. */
  async #listWithin({ reflector }: Followed, namespace: string, signal: AbortSignal): Promise<void> {
    try {
      await reflector.listNamespace(namespace, signal);
    } catch (error) {
      if (!(error instanceof ForbiddenError || error instanceof NotFoundError)) throw error;
    }
  }

  /** Sorted. */
  kinds(): readonly KindName[] {
    return [...this.#followed.keys()].sort();
  }

  /** Objects known to exist, of one kind. */
  objects(kind: KindName): number {
    return this.#followed.get(kind)?.reflector.status.objects ?? 0;
  }

  /** Whether an object is known to exist, whatever was made of it. */
  has(kind: KindName, key: ObjectKey): boolean {
    return this.#followed.get(kind)?.reflector.has(key) ?? false;
  }

  /** Ends everything; nothing can be followed after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const all = [...this.#followed.values()];
    this.#followed.clear();
    for (const { stop } of all) stop.abort();
    await Promise.all(all.map(({ done }) => done));
  }

  #serverInstant(local: number): Instant {
    return local + this.#options.client.serverTime() - this.#options.clock.monotonic();
  }

  #start(kind: KindName, wanted: FollowedKind): Followed {
    const { listener, client, clock, random, logger, metrics, slots } = this.#options;
    const stop = new AbortController();
    const reflector = new Reflector({
      client,
      type: wanted.type,
      metadataOnly: wanted.metadataOnly,
      watch: wanted.watch,
      slots,
      clock,
      random,
      logger,
      metrics,
      consumer: {
        basis: (namespace) => listener.basis(kind, namespace),
        onUpsert: (object) => {
          if (!stop.signal.aborted) listener.onObject(kind, object);
        },
        onDelete: (deleted) => {
          if (!stop.signal.aborted) listener.onGone(kind, deleted);
        },
        onSynced: () => listener.onState(kind),
        onCurrent: () => {
          // The watch has found out first that the kind can be read again.
          followed.pause.abort();
          listener.onState(kind);
        },
        onStale: ({ reason }) => {
          if (stop.signal.aborted) return;
          listener.onState(kind);
          if (reason === "not-served") listener.onNotServed(kind);
        },
      },
    });
    // Runs from the next turn on: a `relist` asked for in this one then is its first pass, not a second.
    const done = Promise.resolve().then(() => reflector.run(stop.signal));
    const followed: Followed = {
      kind,
      wanted,
      reflector,
      stop,
      done,
      staleSince: undefined,
      failingSince: undefined,
      attempt: undefined,
      pause: new AbortController(),
    };
    return followed;
  }

  /** Resolves when the kind was read by a pass that began after this call, or is in `unread` until it is. */
  async #read(followed: Followed, unread: Set<KindName>): Promise<void> {
    const { clock, listener } = this.#options;
    const { kind } = followed;
    const hopeless = Promise.withResolvers<void>();
    let done = false;
    const reading = this.#readUntilDone(followed, hopeless.resolve).then((read) => {
      done = read;
      if (read && unread.delete(kind)) listener.onReadLate(kind);
    });
    const patience = new AbortController();
    await Promise.race([reading, hopeless.promise, sleep(clock, patienceMs, patience.signal)]);
    patience.abort();
    if (!done) unread.add(kind);
  }

  /** True once it was read; false when stopped or when a later call took over. */
  async #readUntilDone(followed: Followed, giveUp: () => void): Promise<boolean> {
    const { clock, logger } = this.#options;
    const { signal } = followed.stop;
    const attempt = Symbol("attempt");
    followed.attempt = attempt;
    let pause = retryMs.first;
    while (!signal.aborted && followed.attempt === attempt) {
      try {
        await followed.reflector.relist();
        followed.failingSince = undefined;
        return followed.attempt === attempt;
      } catch (error) {
        if (signal.aborted) break;
        const isRefused = error instanceof ForbiddenError || error instanceof NotFoundError;
        if (!isRefused) logger.warn({ kind: followed.kind, error }, "kind could not be read, trying again");
        followed.failingSince ??= clock.monotonic();
        if (isRefused || clock.monotonic() - followed.failingSince >= brokenAfterMs) giveUp();
        followed.pause = new AbortController();
        await sleep(clock, pause, AbortSignal.any([signal, followed.pause.signal]));
        pause = Math.min(pause * 2, retryMs.longest);
      }
    }
    return false;
  }
}

function readAlike(a: FollowedKind, b: FollowedKind): boolean {
  return (
    a.metadataOnly === b.metadataOnly &&
    a.type.plural === b.type.plural &&
    a.type.version === b.type.version &&
    a.type.namespaced === b.type.namespaced
  );
}
