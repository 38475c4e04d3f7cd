import { abortable } from "./abort.ts";

/** Bounds how many kinds are read in full at once; shared by all reflectors of a cluster. First come, first served. */
export class SyncSlots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(slots = 4) {
    this.#free = slots;
  }

  /** Runs `task` as soon as there is a slot. Rejects with the signal's reason when that is aborted while waiting. */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#take(signal);
    try {
      return await task();
    } finally {
      this.#give();
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    try {
      await abortable(promise, signal);
    } catch (reason) {
      const place = this.#waiting.indexOf(resolve);
      if (place >= 0) this.#waiting.splice(place, 1);
      // The slot had just been handed over.
      else this.#give();
      throw reason;
    }
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
