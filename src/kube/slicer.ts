import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest time that a loop over many objects keeps the event loop to itself. */
const SLICE_MS = 10;

/**
 * Gives the event loop a turn between objects. A loop that awaits only what is already there never leaves the
 * microtask queue; timers, health checks and the Lease would starve behind a long list.
 */
export class Slicer {
  #since = performance.now();

  /** True when it is time to `await pause()`. Cheap enough to be asked after every object. */
  get due(): boolean {
    return performance.now() - this.#since >= SLICE_MS;
  }

  async pause(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }

  /** Does work that comes in pieces, with pauses between them where they are due. */
  async drive<T>(pieces: Generator<undefined, T>): Promise<T> {
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done) return piece.value;
      if (this.due) await this.pause();
    }
  }
}
