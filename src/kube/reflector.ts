import { untilAborted } from "./abort.ts";
import { type ApiType, type ObjectKey, typeName } from "./api-type.ts";
import { backoffDelay } from "./backoff.ts";
import type { KubeClient } from "./client.ts";
import { type Clock, type Random, sleep } from "./clock.ts";
import { Delivery } from "./delivery.ts";
import type { KubeError } from "./errors.ts";
import { Freshness } from "./freshness.ts";
import { FullPasses } from "./full-pass.ts";
import type { Logger } from "./logger.ts";
import { identityOf, type RawObject } from "./object.ts";
import type { ListEvent } from "./paged-list.ts";
import { compareVersions } from "./resource-version.ts";
import { slicer } from "./slicer.ts";
import type { SyncSlots } from "./sync-slots.ts";
import type { CompletedPass, PassKind, ReflectorMetrics, ReflectorStatus, WatchConsumer } from "./watch-consumer.ts";
import { ShortWatchError, VersionWentBackError, watchFailure } from "./watch-failure.ts";
import type { WatchStart, WatchStream } from "./watch-stream.ts";

export interface ReflectorOptions {
  readonly client: KubeClient;
  readonly type: ApiType;
  readonly consumer: WatchConsumer;
  /** Only this namespace; absent for all. */
  readonly namespace?: string | undefined;
  readonly metadataOnly?: boolean | undefined;
  /** See {@link Reflector.watching}. Default true. */
  readonly watch?: boolean | undefined;
  /** Shared by all reflectors of a cluster. */
  readonly slots: SyncSlots;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ReflectorMetrics;
  readonly timing?: Partial<ReflectorTiming> | undefined;
}

export interface ReflectorTiming {
  /** The server ends each watch after a random time between this and twice this. */
  readonly watchSeconds: number;
  /**
   * Bookmarks come about once a minute, but only while something changes in the cluster. Without a byte for this long a
   * watch is opened anew, over another connection.
   */
  readonly silenceMs: number;
  /** Silence after which a server is taken for one that does not close its initial events with a bookmark. */
  readonly bookmarkWaitMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** A watch that held this long ends the backoff. */
  readonly steadyMs: number;
}

const TIMING: ReflectorTiming = {
  watchSeconds: 300,
  silenceMs: 150_000,
  bookmarkWaitMs: 30_000,
  backoffBaseMs: 500,
  backoffCapMs: 30_000,
  steadyMs: 30_000,
};

/** So often in a row may the server refuse to resume before everything is listed again. */
const REFUSALS = 3;

/** A server that ends watches faster than this is not in order. */
const SHORTEST_WATCH_MS = 1_000;

interface Waiter {
  resolve(pass: CompletedPass): void;
  reject(reason: unknown): void;
}

/**
 * Keeps a consumer informed of all objects of one type: a full pass, then a watch that resumes where it broke off, or
 * begins with a full pass again where it cannot. Never gives up; says at each moment whether the state can be trusted.
 */
export class Reflector {
  readonly type: ApiType;
  readonly #options: ReflectorOptions;
  readonly #timing: ReflectorTiming;
  readonly #kind: string;
  readonly #delivery: Delivery;
  readonly #freshness: Freshness;
  readonly #passes: FullPasses;
  #watching: boolean;
  #waiters: Waiter[] = [];
  /** The signal that has ended `run`; null before that. */
  #ended: AbortSignal | null = null;
  /** Ends following, pausing and idling, but no pass. */
  #interrupt = new AbortController();
  /** Ends the stream that is open. */
  #stream = new AbortController();
  /** Where the watch resumes; null when only a full pass can tell. */
  #version: string | null = null;
  #lastPassAt: number | null = null;
  /** Monotonic. */
  #lastActivityAt: number;
  /** When the stream that is open was opened, monotonic. */
  #openedAt: number | null = null;
  #failures = 0;
  #refusals = 0;
  /** How the last stream ended; after anything but `orderly` we look before we resume. */
  #lastEnd: "orderly" | "broken" | "silent" = "orderly";

  constructor(options: ReflectorOptions) {
    const { client, type, namespace, metadataOnly, consumer, clock } = options;
    this.type = type;
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#kind = typeName(type);
    this.#watching = options.watch ?? true;
    this.#lastActivityAt = clock.monotonic();
    this.#delivery = new Delivery(type, consumer);
    this.#freshness = new Freshness({ clock, delivery: this.#delivery, consumer });
    this.#passes = new FullPasses({
      client,
      type,
      namespace,
      metadataOnly,
      delivery: this.#delivery,
      openInitialWatch: () => this.#open({ initialEvents: true }),
      onActivity: () => this.#activity(),
      onRetry: (error) => this.#retried(error),
      bookmarkWaitMs: this.#timing.bookmarkWaitMs,
    });
  }

  /** False: no watch is open, and there are only the passes that `relist` asks for. */
  get watching(): boolean {
    return this.#watching;
  }

  /** Ends the watch, or resumes where it ended. */
  set watching(watching: boolean) {
    if (watching === this.#watching) return;
    this.#watching = watching;
    this.#interrupt.abort(new Interruption());
  }

  /** Without a watch, `stale: null` speaks of the moment at which the last pass or the watch ended. */
  get status(): ReflectorStatus {
    return {
      synced: this.#lastPassAt !== null,
      stale: this.#freshness.stale,
      lastPassAt: this.#lastPassAt,
      objects: this.#delivery.objects,
    };
  }

  /** Whether an object is known to exist. */
  has(key: ObjectKey): boolean {
    return this.#delivery.has(key);
  }

  /** Works until the signal is aborted; resolves when all is closed. To be called once. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#stream.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    while (!signal.aborted) {
      this.#interrupt = new AbortController();
      this.#stream = new AbortController();
      const waiters = this.#waiters.splice(0);
      try {
        await this.#round(waiters, signal);
      } catch (error) {
        for (const waiter of waiters) waiter.reject(error);
        if (error instanceof Interruption) this.#interrupted();
        else if (!signal.aborted) await this.#recover(error, waiters.length > 0, signal);
      } finally {
        this.#stream.abort();
      }
    }
    signal.removeEventListener("abort", stop);
    this.#ended = signal;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(signal.reason);
  }

  /**
   * Reads everything once more, beginning after this call, and feeds it to the consumer. Rejects when that fails; the
   * reflector then goes on by itself. Rejects with the reason of the signal that ends or has ended `run`. Must not be
   * awaited inside the consumer.
   */
  relist(): Promise<CompletedPass> {
    if (this.#ended !== null) return Promise.reject(this.#ended.reason);
    const { promise, resolve, reject } = Promise.withResolvers<CompletedPass>();
    this.#waiters.push({ resolve, reject });
    this.#interrupt.abort(new Interruption());
    return promise;
  }

  /**
   * Gives every object of one namespace to the consumer once more, beside the watch, for when its labels have changed.
   * Waits for a full pass that is under way; works also while the state is stale. Throws KubeError, ConsumerError or the signal's reason. Must not be awaited inside the consumer.
   */
  async listNamespace(namespace: string, signal?: AbortSignal): Promise<void> {
    const { client, type, metadataOnly } = this.#options;
    const events = client.list(type, { namespace, metadataOnly, signal });
    await this.#delivery.besideWatch(
      itemsOf(events, { item: () => this.#activity(), retry: (error) => this.#retried(error) }),
      signal,
    );
  }

  /** Ends a pause after a failure, for when there is reason to believe that the cause is gone. */
  retryNow(): void {
    if (this.#freshness.stale !== null) this.#interrupt.abort(new Interruption());
  }

  /** A full pass if one is due, then one watch. */
  async #round(waiters: readonly Waiter[], signal: AbortSignal): Promise<void> {
    const watching = this.#watching;
    let stream: WatchStream | null = null;
    if (waiters.length > 0 || (watching && this.#version === null)) {
      stream = await this.#fullPass(waiters, watching, signal);
    }
    if (!watching) return untilAborted(AbortSignal.any([signal, this.#interrupt.signal]));
    try {
      stream ??= await this.#resume(signal);
      this.#openedAt = this.#options.clock.monotonic();
      await this.#follow(stream);
    } finally {
      stream?.close();
    }
    this.#endedInOrder();
  }

  async #fullPass(waiters: readonly Waiter[], watching: boolean, signal: AbortSignal): Promise<WatchStream | null> {
    const kind: PassKind = this.#lastPassAt === null ? "first" : waiters.length > 0 ? "relist" : "resync";
    const { slots, logger, clock } = this.#options;
    const pass = await slots.run(() => this.#passes.run(kind, watching ? "watch" : "pages", signal), signal);
    try {
      this.#version = pass.resourceVersion;
      this.#lastEnd = "orderly";
      this.#lastPassAt = clock.now();
      logger.debug({ kind: this.#kind, ...pass.completed }, "full pass completed");
      for (const waiter of waiters) waiter.resolve(pass.completed);
      await this.#freshness.regained();
      this.#freshness.endsHere();
      return pass.stream;
    } catch (error) {
      pass.stream?.close();
      throw error;
    }
  }

  async #resume(signal: AbortSignal): Promise<WatchStream> {
    const resourceVersion = this.#version ?? "";
    if (this.#lastEnd !== "orderly") await this.#lookBehind(resourceVersion, signal);
    const stream = await this.#open({ resourceVersion });
    try {
      this.#lastEnd = "orderly";
      await this.#freshness.regained();
      return stream;
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  #open(start: WatchStart): Promise<WatchStream> {
    const { client, type, namespace, metadataOnly, random } = this.#options;
    return client.watch(type, {
      start,
      namespace,
      metadataOnly,
      timeoutSeconds: Math.round(this.#timing.watchSeconds * (1 + random())),
      silenceMs: this.#timing.silenceMs,
      signal: this.#stream.signal,
    });
  }

  /** Until the server ends the watch in order, something fails, or `relist` interrupts. */
  async #follow(stream: WatchStream): Promise<void> {
    const { signal } = this.#interrupt;
    const end = (): void => this.#stream.abort(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    try {
      for (;;) {
        const event = await stream.next();
        if (event === null) return;
        this.#activity();
        const isObject = event.type === "upsert" || event.type === "delete";
        const version = isObject ? identityOf(event.object).resourceVersion : event.resourceVersion;
        this.#mustNotGoBack(version);
        if (isObject) await this.#delivery.event(event.type, event.object);
        // Some aggregated servers give their objects no version: then the last bookmark or list is what we resume from.
        if (version !== "") this.#version = version;
        if (slicer.due) await slicer.pause();
      }
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  /**
   * Before resuming after anything but an orderly end: a server that was restored from a backup takes a watch from a
   * version that it has not reached yet, and then says nothing at all.
   */
  async #lookBehind(version: string, signal: AbortSignal): Promise<void> {
    const { client, type, namespace } = this.#options;
    const current = await client.currentVersion(type, { namespace, signal });
    this.#mustNotGoBack(current, version);
    this.#activity();
  }

  #mustNotGoBack(version: string, from = this.#version): void {
    if (from !== null && (compareVersions(version, from) ?? 0) < 0)
      throw new VersionWentBackError(`${this.#kind}: the server went back from version ${from} to ${version}`);
  }

  #endedInOrder(): void {
    const { clock, metrics } = this.#options;
    const held = clock.monotonic() - (this.#openedAt ?? 0);
    if (held < SHORTEST_WATCH_MS)
      throw new ShortWatchError(`${this.#kind}: the server ended the watch after ${Math.round(held)} ms`);
    this.#streamEnded("orderly");
    this.#failures = 0;
    this.#refusals = 0;
    metrics.restart(this.#kind, "timeout");
  }

  #interrupted(): void {
    this.#streamEnded("orderly");
    this.#options.metrics.restart(this.#kind, "relist");
  }

  #streamEnded(how: "orderly" | "broken" | "silent"): void {
    const { clock } = this.#options;
    if (this.#openedAt === null) return;
    if (clock.monotonic() - this.#openedAt >= this.#timing.steadyMs) {
      this.#failures = 0;
      this.#refusals = 0;
    }
    this.#openedAt = null;
    this.#lastEnd = how;
    this.#freshness.endsHere(how === "silent" ? this.#lastActivityAt : clock.monotonic());
  }

  /** Books a failure, tells the consumer, and waits as long as is decent. */
  async #recover(error: unknown, relisting: boolean, signal: AbortSignal): Promise<void> {
    const { clock, logger, metrics, random } = this.#options;
    const failure = watchFailure(error);
    metrics.restart(this.#kind, failure.restart);
    this.#streamEnded(failure.restart === "silent" ? "silent" : "broken");
    if (failure.resync) this.#version = null;
    // A silent watch may only be quiet, and a failed listing has not hurt the watch: whether we lag shows on resuming.
    if (this.#version !== null && this.#failures === 0 && (relisting || failure.restart === "silent")) {
      logger.debug({ kind: this.#kind, error }, "watch is resumed");
      return;
    }
    this.#failures += 1;
    if (failure.refused) this.#refusals += 1;
    if (this.#refusals >= REFUSALS) this.#version = null;
    const { backoffBaseMs: baseMs, backoffCapMs: capMs } = this.#timing;
    const atOnce = failure.resync && this.#failures === 1;
    const delayMs = Math.max(
      failure.retryAfterMs,
      atOnce ? 0 : backoffDelay(this.#failures, { baseMs, capMs }, random),
    );
    logger.warn({ kind: this.#kind, error, delayMs: Math.round(delayMs), failures: this.#failures }, "watch failed");
    const reason = this.#lastEnd === "silent" && failure.stale === "error" ? "silent" : failure.stale;
    await this.#freshness.lost(reason, failure.message).catch((cause: unknown) => {
      logger.error({ kind: this.#kind, error: cause }, "consumer failed to take note of a stale state");
    });
    await sleep(clock, delayMs, AbortSignal.any([signal, this.#interrupt.signal]));
  }

  /** A pass or listing gets over this by itself, but whoever looks at the metrics shall see it. */
  #retried(error: KubeError): void {
    const { logger, metrics } = this.#options;
    metrics.restart(this.#kind, watchFailure(error).restart);
    logger.debug({ kind: this.#kind, error }, "list is asked for again");
  }

  #activity(): void {
    this.#lastActivityAt = this.#options.clock.monotonic();
    this.#options.metrics.activity(this.#kind);
  }
}

/** `relist` or `retryNow` was called, or `watching` set. */
class Interruption extends Error {
  override readonly name = "Interruption";
}

async function* itemsOf(
  events: AsyncIterable<ListEvent>,
  on: { readonly item: () => void; readonly retry: (error: KubeError) => void },
): AsyncGenerator<RawObject, void, undefined> {
  for await (const event of events) {
    if (event.type === "retry") on.retry(event.error);
    if (event.type !== "item") continue;
    on.item();
    yield event.object;
    if (slicer.due) await slicer.pause();
  }
}
