import { type Clock, sleep } from "./clock.ts";

export interface RateLimit {
  /** Requests a second, on average. */
  readonly qps: number;
  /** Requests at once after a quiet time. */
  readonly burst: number;
}

/** A token bucket that lets callers through in the order in which they came. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  #tokens: number;
  #filledAt: number;

  constructor(limit: RateLimit, clock: Clock) {
    if (!(limit.qps > 0) || !(limit.burst >= 1))
      throw new RangeError(`rate limit: qps must be above 0 and burst at least 1, not ${limit.qps} and ${limit.burst}`);
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAt = clock.monotonic();
  }

  /** Waits for a turn. Rejects with the reason of the signal when that is aborted first. */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#limit.qps);
    this.#filledAt = now;
    // Below zero the bucket holds debts: each caller waits until its own is paid, which keeps the order.
    this.#tokens -= 1;
    if (this.#tokens >= 0) return;
    await sleep(this.#clock, (-this.#tokens / this.#limit.qps) * 1000, signal);
    if (signal?.aborted) {
      this.#tokens += 1;
      signal.throwIfAborted();
    }
  }
}
