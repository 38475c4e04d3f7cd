import type { KubeClient } from "./client.ts";
import { type Clock, type Random, sleep } from "./clock.ts";
import { AlreadyExistsError, ConflictError, KubeError, NotFoundError } from "./errors.ts";
import { heldLease, LEASE, readLease, releasedLease } from "./lease-record.ts";
import type { Logger } from "./logger.ts";
import type { RawObject } from "./object.ts";

export interface LeaderElectionOptions {
  /** From `KubeClient.forLease`, so that a long list cannot delay a renewal. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Unique for this process, also over restarts: host name and a random part. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly timing?: Partial<LeaderTiming> | undefined;
}

export interface LeaderTiming {
  /** Others wait this long after the last renewal that they saw. */
  readonly leaseMs: number;
  /** Without a renewal for this long we step down; shorter than `leaseMs`, so that there are never two. */
  readonly renewDeadlineMs: number;
  readonly renewEveryMs: number;
  /** Longest time between two looks of a standby: a released Lease is taken within it. */
  readonly lookEveryMs: number;
}

const TIMING: LeaderTiming = { leaseMs: 15_000, renewDeadlineMs: 10_000, renewEveryMs: 2_000, lookEveryMs: 1_500 };

/** No single request may use up the time in which the next one could still succeed. */
const REQUEST_MS = 4_000;

/** Given to who leads. */
export interface Leadership {
  /** Aborted when the Lease is lost, or when we shall stop. */
  readonly signal: AbortSignal;
  /** To be asked before each write: true while nobody else can lead, even if this process was frozen meanwhile. */
  held(): boolean;
}

export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

/**
 * Waits for the Lease, runs `lead` while it holds it, and releases it in the end. Resolves with `stopped` once `signal` was
 * aborted, `lost` when the Lease was lost, `finished` when `lead` returned by itself; in each case `lead` has ended.
 * Rejects with what `lead` rejects with. Time is measured here, from the moment a change of the record was seen:
 * what the record says about time was written by another clock.
 */
export async function runAsLeader(
  options: LeaderElectionOptions,
  lead: (leadership: Leadership) => Promise<void>,
  signal: AbortSignal,
): Promise<"stopped" | "lost" | "finished"> {
  const election = new Election(options);
  const lease = await election.acquire(signal);
  if (lease === null) return "stopped";
  return election.lead(lease, lead, signal);
}

/** A Lease that is ours, and when it was last known to be. */
interface Held {
  object: RawObject;
  /** Monotonic: the start of the request that renewed it. */
  renewedAt: number;
}

class Election {
  readonly #options: LeaderElectionOptions;
  readonly #timing: LeaderTiming;
  /** The last record that another one wrote, and when it was first seen. */
  #observed = { resourceVersion: "", at: 0 };

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
  }

  /** Null when the signal was aborted before. */
  async acquire(signal: AbortSignal): Promise<Held | null> {
    const { clock, random, logger } = this.#options;
    while (!signal.aborted) {
      try {
        const held = await this.#tryAcquire(signal);
        if (held !== null) {
          logger.info({ lease: this.#options.name, identity: this.#options.identity }, "lease acquired");
          return held;
        }
      } catch (error) {
        if (!signal.aborted) logger.warn({ lease: this.#options.name, error }, "lease could not be read or written");
      }
      await sleep(clock, this.#timing.lookEveryMs * (0.8 + 0.2 * random()), signal);
    }
    return null;
  }

  async lead(
    held: Held,
    lead: (leadership: Leadership) => Promise<void>,
    signal: AbortSignal,
  ): Promise<"stopped" | "lost" | "finished"> {
    const { clock, logger, name } = this.#options;
    const lost = new AbortController();
    const done = new AbortController();
    const leadership: Leadership = {
      signal: AbortSignal.any([signal, lost.signal]),
      held: () => !lost.signal.aborted && clock.monotonic() - held.renewedAt < this.#timing.renewDeadlineMs,
    };
    const renewing = this.#renew(held, lost, done.signal);
    try {
      await lead(leadership);
    } finally {
      // Renewed up to here: nobody takes over while `lead` is still writing its last words.
      done.abort();
      await renewing;
      if (!lost.signal.aborted) await this.#release(held);
    }
    if (lost.signal.aborted) return "lost";
    logger.info({ lease: name }, "lease released");
    return signal.aborted ? "stopped" : "finished";
  }

  /** Null when another one holds it. */
  async #tryAcquire(signal: AbortSignal): Promise<Held | null> {
    const { client, clock, namespace, name, identity } = this.#options;
    const startedAt = clock.monotonic();
    const lease = { namespace, name, holder: identity, durationMs: this.#timing.leaseMs };
    try {
      const object = await this.#timed(signal, (limited) =>
        client.get(LEASE, { namespace, name }, { signal: limited }),
      );
      const record = readLease(object);
      if (record.resourceVersion !== this.#observed.resourceVersion)
        this.#observed = { resourceVersion: record.resourceVersion, at: clock.monotonic() };
      const expiresAt = this.#observed.at + (record.durationMs || this.#timing.leaseMs);
      if (record.holder !== "" && record.holder !== identity && clock.monotonic() < expiresAt) return null;
      const taken = await this.#timed(signal, (limited) =>
        client.replace(LEASE, heldLease(object, lease, clock.now()), { signal: limited }),
      );
      return { object: taken, renewedAt: startedAt };
    } catch (error) {
      if (error instanceof ConflictError) return null;
      if (!(error instanceof NotFoundError)) throw error;
    }
    try {
      const created = await this.#timed(signal, (limited) =>
        client.create(LEASE, heldLease(null, lease, clock.now()), { signal: limited }),
      );
      return { object: created, renewedAt: startedAt };
    } catch (error) {
      if (error instanceof AlreadyExistsError) return null;
      throw error;
    }
  }

  /** Renews until `done`, or aborts `lost`. Never rejects. */
  async #renew(held: Held, lost: AbortController, done: AbortSignal): Promise<void> {
    const { clock, logger, name, identity, namespace } = this.#options;
    const lose = (reason: string): void => {
      if (lost.signal.aborted || done.aborted) return;
      logger.error({ lease: name, reason }, "lease lost");
      lost.abort(new LeaseLostError(`lease ${namespace}/${name}: ${reason}`));
    };
    const expire = (): void => lose(`not renewed for ${this.#timing.renewDeadlineMs} ms`);
    const deadline = (): (() => void) =>
      clock.after(held.renewedAt + this.#timing.renewDeadlineMs - clock.monotonic(), expire);
    let cancel = deadline();
    const either = AbortSignal.any([lost.signal, done]);
    while (!either.aborted) {
      await sleep(clock, this.#timing.renewEveryMs, either);
      if (either.aborted) break;
      try {
        // Not given up when the work ends: the release that follows needs to know the latest version.
        await this.#renewOnce(held, lost.signal);
        cancel();
        cancel = deadline();
      } catch (error) {
        if (error instanceof LeaseLostError) lose(error.message);
        else if (!either.aborted) logger.warn({ lease: name, identity, error }, "lease could not be renewed");
      }
    }
    cancel();
  }

  async #renewOnce(held: Held, signal: AbortSignal): Promise<void> {
    const { client, clock, namespace, name, identity } = this.#options;
    const lease = { namespace, name, holder: identity, durationMs: this.#timing.leaseMs };
    const startedAt = clock.monotonic();
    try {
      held.object = await this.#timed(signal, (limited) =>
        client.replace(LEASE, heldLease(held.object, lease, clock.now()), { signal: limited }),
      );
      held.renewedAt = startedAt;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      // Somebody touched it, or our last renewal arrived although its answer did not: see who holds it.
      const object = await this.#timed(signal, (limited) =>
        client.get(LEASE, { namespace, name }, { signal: limited }),
      );
      const { holder } = readLease(object);
      if (holder !== identity)
        throw new LeaseLostError(`taken by ${holder === "" ? "nobody" : holder}`, { cause: error });
      held.object = await this.#timed(signal, (limited) =>
        client.replace(LEASE, heldLease(object, lease, clock.now()), { signal: limited }),
      );
      held.renewedAt = startedAt;
    }
  }

  /** So that a standby need not wait for the Lease to run out. */
  async #release(held: Held): Promise<void> {
    const { client, clock, logger, namespace, name, identity } = this.#options;
    const put = (object: RawObject): Promise<RawObject> =>
      this.#timed(undefined, (signal) => client.replace(LEASE, releasedLease(object, clock.now()), { signal }));
    try {
      try {
        await put(held.object);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        const object = await this.#timed(undefined, (signal) => client.get(LEASE, { namespace, name }, { signal }));
        if (readLease(object).holder === identity) await put(object);
      }
    } catch (error) {
      // It runs out by itself.
      logger.warn({ lease: name, error }, "lease could not be released");
    }
  }

  async #timed<T>(signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const cancel = this.#options.clock.after(REQUEST_MS, () => controller.abort(new LeaseRequestTimeout()));
    try {
      return await call(signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]));
    } finally {
      cancel();
    }
  }
}

class LeaseRequestTimeout extends KubeError {
  constructor() {
    super("lease", `no answer in ${REQUEST_MS} ms`);
  }
}
