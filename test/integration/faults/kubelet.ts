import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "../cluster.ts";
import type { Bench, OperatorSurroundings } from "../operator/bench.ts";
import type { Ending, RunningOperator } from "../operator/running-operator.ts";

/** Starts a replica anew whenever one has ended, as a kubelet does. */
export class Kubelet implements AsyncDisposable {
  /** How replicas ended by themselves, oldest first. */
  readonly endings: Ending[] = [];
  readonly #bench: Bench;
  readonly #surroundings: OperatorSurroundings;
  readonly #running = new Set<RunningOperator>();
  readonly #keeping: Promise<void>[] = [];
  #stopped = false;

  private constructor(bench: Bench, surroundings: OperatorSurroundings) {
    this.#bench = bench;
    this.#surroundings = surroundings;
  }

  /** Resolves when one of the replicas leads. */
  static async keep(bench: Bench, replicas: number, surroundings: OperatorSurroundings = {}): Promise<Kubelet> {
    const kubelet = new Kubelet(bench, surroundings);
    for (let i = 0; i < replicas; i++) kubelet.#keeping.push(kubelet.#keepOne());
    await kubelet.leader();
    return kubelet;
  }

  get replicas(): readonly RunningOperator[] {
    return [...this.#running];
  }

  /** Waits until one leads. */
  async leader(timeoutMs = 60_000): Promise<RunningOperator> {
    return await waitFor(
      async () => {
        const replicas = [...this.#running];
        const leads = await Promise.allSettled(replicas.map((replica) => replica.metric("pawl_leader")));
        return replicas.find((_, i) => leads[i]?.status === "fulfilled" && leads[i].value === 1);
      },
      { describe: "a replica that leads", timeoutMs },
    );
  }

  /** SIGTERM to all, and waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await Promise.all(this.#keeping);
  }

  async #keepOne(): Promise<void> {
    while (!this.#stopped) {
      const replica = await this.#bench.startOperator([], this.#surroundings);
      this.#running.add(replica);
      const ending = await replica.ended;
      this.#running.delete(replica);
      if (this.#stopped) return;
      this.endings.push(ending);
      // A kubelet's first pause after a crash is none; the next ones would be longer.
      await delay(250);
    }
  }
}
