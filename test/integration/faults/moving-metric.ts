import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { select } from "../../../tools/demo/metrics.ts";
import { shownBy } from "../../kube/faults/shown-by.ts";
import type { RunningOperator } from "../operator/running-operator.ts";

/** Looks at the metric that a test's name promises, in all replicas, from its beginning to its end. */
export class MovingMetric implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #looking: Promise<void>;
  readonly #values = new Map<string, number>();
  #moved = false;

  /** `name`: of the test. `replicas`: those that run at the moment. */
  constructor(name: string, replicas: () => readonly RunningOperator[]) {
    this.#looking = this.#look(shownBy(name), replicas);
  }

  /** Fails if the metric has been the same in every replica all the time. */
  assertMoved(): void {
    expect(this.#moved, `some of ${[...this.#values.keys()].join(", ")} to have moved`).toBe(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #look(
    { metric, labels }: ReturnType<typeof shownBy>,
    replicas: () => readonly RunningOperator[],
  ): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const replica of replicas()) {
        const samples = await replica.metrics().catch(noneOfThose);
        if (samples === undefined) continue;
        const value = select(samples, metric, labels).reduce((sum, sample) => sum + sample.value, 0);
        const key = `${metric} of ${replica.name}`;
        if (value !== (this.#values.get(key) ?? value)) this.#moved = true;
        this.#values.set(key, value);
      }
      await delay(100);
    }
  }
}

/** A replica that has just ended, or has not begun to listen, shows nothing. */
function noneOfThose(): undefined {
  return undefined;
}
