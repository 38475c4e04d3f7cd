import type { Clock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";
import type { Stale, StaleReason, WatchConsumer } from "./watch-consumer.ts";

/** Whether the consumer's state is complete and current; tells it whenever that changes. */
export class Freshness {
  readonly #clock: Clock;
  readonly #delivery: Delivery;
  readonly #consumer: WatchConsumer;
  #stale: Stale | null;
  /** Last moment at which nothing could have been missed, monotonic. */
  #currentUntil: number;
  #told = false;

  constructor(options: { readonly clock: Clock; readonly delivery: Delivery; readonly consumer: WatchConsumer }) {
    this.#clock = options.clock;
    this.#delivery = options.delivery;
    this.#consumer = options.consumer;
    this.#currentUntil = options.clock.monotonic();
    this.#stale = { reason: "starting", message: "not listed yet", since: this.#currentUntil };
  }

  get stale(): Stale | null {
    return this.#stale;
  }

  /** The state was current until now, or until an earlier moment: of what happens from there on we may not hear. */
  endsHere(at = this.#clock.monotonic()): void {
    if (this.#stale === null) this.#currentUntil = at;
  }

  /** Throws ConsumerError. */
  async lost(reason: StaleReason, message: string): Promise<void> {
    const before = this.#stale;
    const stale = { reason, message, since: before?.since ?? this.#currentUntil };
    this.#stale = stale;
    if (this.#told && before?.reason === reason) return;
    this.#told = true;
    await this.#delivery.tell(() => this.#consumer.onStale(stale));
  }

  /** Throws ConsumerError. */
  async regained(): Promise<void> {
    this.#stale = null;
    if (!this.#told) return;
    this.#told = false;
    await this.#delivery.tell(() => this.#consumer.onCurrent());
  }
}
