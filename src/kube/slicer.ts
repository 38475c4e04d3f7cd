import { performance } from "node:perf_hooks";

/** Longest time that loops over many objects keep the event loop to themselves, all of them together. */
const SLICE_MS = 10;

/**
 * Gives the event loop a turn between objects. A loop that awaits only what is already there never leaves the
 * microtask queue; timers, health checks and the Lease would starve behind a long list.
 *
 * There is one event loop, so its time is shared by all that work in slices: one of them goes on in each turn.
 */
class Slicer {
  /** When sliced work was begun in this turn of the event loop; undefined while there is none. */
  #since: number | undefined;
  readonly #waiting: (() => void)[] = [];

  /** True when it is time to `await pause()`. Cheap enough to be asked after every object. */
  get due(): boolean {
    return performance.now() - this.#begin() >= SLICE_MS;
  }

  async pause(): Promise<void> {
    this.#begin();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Does work that comes in pieces, with pauses between them where they are due. */
  async drive<T>(pieces: Generator<undefined, T>): Promise<T> {
    if (this.due) await this.pause();
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done) return piece.value;
      if (this.due) await this.pause();
    }
  }

  #begin(): number {
    if (this.#since !== undefined) return this.#since;
    setImmediate(this.#nextTurn);
    this.#since = performance.now();
    return this.#since;
  }

  readonly #nextTurn = (): void => {
    this.#since = undefined;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#begin();
    next();
  };
}

export const slicer = new Slicer();
