import type { Clock } from "./clock.ts";

/**
 * The API server's clock, estimated from the Date headers of its answers. A Date header names a second; when it was
 * written lies between our sending and receiving. So each answer bounds the distance between both clocks from below
 * and above, and a few of them bound it to some milliseconds. Distances are taken from the monotonic clock: a jump of
 * the local wall clock changes nothing.
 */
export class ServerTime {
  readonly #clock: Clock;
  #low = Number.NEGATIVE_INFINITY;
  #high = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Learns from one answer; a header that is missing or no date is ignored. `sentAt` and `receivedAt` are monotonic. */
  observe(dateHeader: string | undefined, sentAt: number, receivedAt: number): void {
    const second = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
    if (Number.isNaN(second)) return;
    const low = second - receivedAt;
    const high = second + 1000 - sentAt;
    const bothLow = Math.max(low, this.#low);
    const bothHigh = Math.min(high, this.#high);
    // Bounds that exclude each other: the clocks drifted apart or the server's was set. The newest answer is right.
    const agree = bothLow <= bothHigh;
    this.#low = agree ? bothLow : low;
    this.#high = agree ? bothHigh : high;
  }

  /** Milliseconds since the epoch by the API server's clock; by the local one before the first answer. */
  now(): number {
    if (this.#low === Number.NEGATIVE_INFINITY) return this.#clock.now();
    return Math.round(this.#clock.monotonic() + (this.#low + this.#high) / 2);
  }
}
