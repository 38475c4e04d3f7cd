import type { Clock } from "./clock.ts";

/** The API server pays for each write by its size: one write a second for each 32 KiB of an object. */
const BYTES_PER_SECOND = 32 * 1024;

/** Keeps writes of one object apart. Waiting is up to the caller, who may have something newer to write by then. */
export class WritePacer {
  readonly #clock: Clock;
  readonly #freeAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until this object may be written again; 0 when at once. */
  delayMs(key: string): number {
    return Math.max(0, (this.#freeAt.get(key) ?? 0) - this.#clock.monotonic());
  }

  /** Books a write of so many bytes of JSON; never shortens the wait after an earlier one. */
  wrote(key: string, bytes: number): void {
    const now = this.#clock.monotonic();
    for (const [other, freeAt] of this.#freeAt) if (freeAt <= now) this.#freeAt.delete(other);
    const freeAt = now + 1000 * Math.max(1, Math.ceil(bytes / BYTES_PER_SECOND));
    this.#freeAt.set(key, Math.max(freeAt, this.#freeAt.get(key) ?? 0));
  }
}
