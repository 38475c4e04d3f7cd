import { setTimeout as delay } from "node:timers/promises";

export interface Condition<T> {
  /** Reads the world once. What it throws counts as "not yet", and is told if time runs out. */
  read(signal: AbortSignal): Promise<T>;
  /** Whether this is what was waited for. */
  holds(seen: T): boolean;
  /** What was seen, in words, for the reader of a failure. */
  describe(seen: T): string;
  readonly withinMs: number;
  /** Ends the wait early; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Pause between two reads. */
  readonly everyMs?: number;
}

/** A condition did not come true in time. The message says what was seen last. */
export class NotInTimeError extends Error {
  override readonly name = "NotInTimeError";
}

/**
 * Reads until the condition holds and returns what was read then. Throws {@link NotInTimeError} when the deadline passes,
 * and the signal's reason when that is aborted. A read that hangs is given up at the deadline.
 */
export async function until<T>(condition: Condition<T>): Promise<T> {
  const { withinMs, signal, everyMs = 250 } = condition;
  const expired = AbortSignal.timeout(withinMs);
  const stop = AbortSignal.any([signal, expired]);
  let seen = "nothing";
  while (!stop.aborted) {
    try {
      const value = await condition.read(stop);
      if (condition.holds(value)) return value;
      seen = condition.describe(value);
    } catch (error) {
      // The abort of a read that hangs must not hide what was seen before it.
      if (!stop.aborted) seen = error instanceof Error ? error.message : String(error);
    }
    await pause(everyMs, stop);
  }
  signal.throwIfAborted();
  throw new NotInTimeError(`not within ${withinMs / 1000} s; last seen: ${seen}`);
}

/** Ends early, without an error, when the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
