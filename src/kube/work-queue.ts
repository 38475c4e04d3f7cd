import { backoffDelay } from "./backoff.ts";
import type { Clock, Random } from "./clock.ts";

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Called whenever the number of keys that wait for a worker changes; delayed keys do not count. */
  readonly onDepth?: ((depth: number) => void) | undefined;
  /** First delay of `retry`. Default 200 ms. */
  readonly baseMs?: number | undefined;
  /** Longest delay of `retry`. Default 5 min. */
  readonly capMs?: number | undefined;
}

const BASE_MS = 200;
const CAP_MS = 300_000;

/**
 * Keys of things to be looked at. A key waits once however often it is added, is never with two workers at a time, and
 * when added while one has it, comes again afterwards.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** In the order of their turn. */
  readonly #ready = new Set<string>();
  readonly #working = new Set<string>();
  /** Added while a worker had it. */
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, { readonly dueAt: number; readonly cancel: () => void }>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((key: string | null) => void)[] = [];
  #drained: (() => void) | null = null;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#ready.size;
  }

  add(key: string): void {
    if (this.#closed) return;
    this.#delayed.get(key)?.cancel();
    this.#delayed.delete(key);
    if (this.#ready.has(key)) return;
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      this.#working.add(key);
      taker(key);
      return;
    }
    this.#ready.add(key);
    this.#reportDepth();
  }

  /** Adds in `ms` milliseconds. Of several delays of one key the earliest counts; a key that waits already is left alone. */
  addAfter(key: string, ms: number): void {
    if (this.#closed || this.#ready.has(key) || this.#again.has(key)) return;
    const dueAt = this.#options.clock.monotonic() + ms;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.dueAt <= dueAt) return;
    earlier?.cancel();
    const cancel = this.#options.clock.after(ms, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueAt, cancel });
  }

  /** Adds after a delay that doubles with each retry since `forget`, at least `atLeastMs`. Gives the delay. */
  retry(key: string, atLeastMs = 0): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const limits = { baseMs: this.#options.baseMs ?? BASE_MS, capMs: this.#options.capMs ?? CAP_MS };
    const delay = Math.max(atLeastMs, backoffDelay(failures, limits, this.#options.random));
    this.addAfter(key, delay);
    return delay;
  }

  /** The key has succeeded: its next failure counts as the first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, which from now on is this worker's until it calls `done`; null when the queue has been closed. */
  take(): Promise<string | null> {
    if (this.#closed) return Promise.resolve(null);
    for (const key of this.#ready) {
      this.#ready.delete(key);
      this.#working.add(key);
      this.#reportDepth();
      return Promise.resolve(key);
    }
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#takers.push(resolve);
    return promise;
  }

  /** The worker has finished with the key, well or not. */
  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
    if (this.#working.size === 0) this.#drained?.();
  }

  /** Drops what waits; resolves when the last worker has called `done`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#again.clear();
    this.#ready.clear();
    this.#reportDepth();
    for (const taker of this.#takers.splice(0)) taker(null);
    if (this.#working.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    await promise;
  }

  #reportDepth(): void {
    this.#options.onDepth?.(this.#ready.size);
  }
}
