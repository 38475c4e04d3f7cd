import type { Logger } from "../kube/logger.ts";

/** Work that was begun beside a pass: it must not fail unseen, and has to be over before the leader lets go. */
export class Errands {
  readonly #logger: Logger;
  /** Nobody leads here any more: what fails from then on fails because of that. */
  readonly #isOver: () => boolean;
  readonly #running = new Set<Promise<void>>();

  constructor(logger: Logger, isOver: () => boolean) {
    this.#logger = logger;
    this.#isOver = isOver;
  }

  add(work: Promise<void>): void {
    const errand = work
      .catch((error: unknown) => {
        if (!this.#isOver()) this.#logger.error({ error }, "work beside a scan failed");
      })
      .finally(() => this.#running.delete(errand));
    this.#running.add(errand);
  }

  /** Resolves when all that was begun until now is over. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }
}
