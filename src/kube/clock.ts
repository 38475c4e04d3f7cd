import { performance } from "node:perf_hooks";

/** Time as this room sees it, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. May jump; only for what people or servers read. */
  now(): number;
  /** Milliseconds since some start. Never goes back; for durations and deadlines. */
  monotonic(): number;
  /** Runs `task` once, `ms` milliseconds from now. The returned function cancels it, as often as one likes. */
  after(ms: number, task: () => void): () => void;
}

/** A number in [0, 1). */
export type Random = () => number;

/** setTimeout runs at once what lies further ahead. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Waits; an aborted signal ends the wait early and without an error, so the caller looks at the signal afterwards. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => {
    cancel();
    signal?.removeEventListener("abort", wake);
    resolve();
  };
  const cancel = clock.after(ms, wake);
  signal?.addEventListener("abort", wake, { once: true });
  return promise;
}
