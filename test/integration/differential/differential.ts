import { expect } from "vitest";
import { releaseLease } from "../lease.ts";
import type { Bench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import type { RunningOperator } from "../operator/running-operator.ts";
import { seededRandom } from "../seeded.ts";
import { type ChangeKind, ChangeStream } from "./change-stream.ts";
import { compareWithEngine, shownObjects } from "./compare-with-engine.ts";
import { acceptedBy, storedLedgers } from "./stored-ledgers.ts";
import { policyNames } from "./world.ts";

export interface DifferentialOptions {
  /** Without an operator of its own. */
  readonly bench: Bench;
  readonly seed: number;
  readonly changes: number;
  /** Points at which everything is compared, evenly spread, the last one at the end. */
  readonly rests: number;
  /** Of so many rests one lasts until also what is held back for a minute has to be there. Default: none does. */
  readonly longRestEvery?: number;
  /** Default: all of them. */
  readonly kinds?: readonly ChangeKind[];
  /** Of every operator that is started. */
  readonly flags?: readonly string[];
  /** How long the operator may take to come to rest. Default 30 s. */
  readonly patienceMs?: number;
}

/** Policies whose violations are shown at once: none of their rules rests on siblings. */
const immediate = policyNames.filter((name) => name !== "siblings");

/**
 * Puts a stream of random changes before an operator. At each rest three things have to be the same, byte for byte: what it has stored
 * while it followed the changes, what it has stored after a full scan, and what the engine makes of the exported objects.
 */
export class Differential {
  readonly #options: DifferentialOptions;
  readonly #stream: ChangeStream;
  #operator: RunningOperator | undefined;
  /** As it was at the last rest. */
  #accepted: ReadonlyMap<string, number> = new Map();

  constructor(options: DifferentialOptions) {
    this.#options = options;
    this.#stream = new ChangeStream({
      bench: options.bench,
      random: seededRandom(options.seed),
      restart: (how) => this.#restart(how),
      kinds: options.kinds,
    });
  }

  /** Rejects at the first rest at which they are not the same; the error says after which changes. */
  async run(): Promise<void> {
    const { changes, rests, longRestEvery = 0 } = this.#options;
    await this.#start();
    await this.#stream.begin();
    for (let rest = 1; rest <= rests; rest++) {
      const upTo = Math.round((changes * rest) / rests);
      while (this.#stream.done < upTo) await this.#stream.next();
      const isLong = longRestEvery > 0 && rest % longRestEvery === 0;
      try {
        await this.#rest(isLong);
      } catch (cause) {
        throw new Error(this.#story(rest), { cause });
      }
      if (isLong) console.info(`${this.summary}; the same at ${rest} rests of ${rests}`);
    }
  }

  /** Stops the operator that is left. */
  async end(): Promise<void> {
    await this.#operator?.stop();
  }

  /** What was done so far, in a line. */
  get summary(): string {
    const counts = [...this.#stream.counts].map(([change, count]) => `${count} × ${change}`).sort();
    return `seed ${this.#options.seed}: ${this.#stream.done} changes (${counts.join(", ")})`;
  }

  #story(rest: number): string {
    return `${this.summary}; not the same at rest ${rest} of ${this.#options.rests}, after\n${this.#stream.recent.join("\n")}`;
  }

  async #rest(long: boolean): Promise<void> {
    const { bench, patienceMs = 30_000 } = this.#options;
    await compareWithEngine(bench, policyNames, { timeoutMs: patienceMs });
    await this.#nothingAccepted();
    const incremental = await shownObjects(bench, immediate);
    await this.#scan();
    // What a young namespace is judged by under Adopt comes with its first scan only.
    expect(await shownObjects(bench, immediate)).toMatchObject(incremental);
    await compareWithEngine(bench, policyNames, { timeoutMs: patienceMs });
    if (!long) return;
    await compareWithEngine(bench, policyNames, { timeoutMs: 2 * 60_000, settled: true });
    const settled = await shownObjects(bench, policyNames, true);
    await this.#scan();
    expect(await shownObjects(bench, policyNames, true)).toEqual(settled);
  }

  /**
   * No Baseline accepts more, or less, of what a rule finds than at the last rest: only an edit may change that, of its policy or one that
   * it sees when it comes into scope again. What is compared beside it would not show it, for what a Baseline covers is Known.
   */
  async #nothingAccepted(): Promise<void> {
    const before = this.#accepted;
    const ledgers = await storedLedgers(this.#options.bench);
    this.#accepted = acceptedBy(ledgers.values());
    const edited = this.#stream.takeEdited();
    const ofImmediate = acceptedBy(
      [...ledgers.values()].filter(({ policy }) => !edited.has(policy) && immediate.some((name) => name === policy)),
    );
    const now = new Map([...ofImmediate].filter(([key]) => before.has(key)));
    expect(now).toEqual(new Map([...before].filter(([key]) => now.has(key))));
  }

  async #scan(): Promise<void> {
    await Promise.all(policyNames.map((name) => new Judged(this.#options.bench, name).scan()));
  }

  async #restart(how: "SIGTERM" | "SIGKILL"): Promise<void> {
    await (how === "SIGTERM" ? this.#operator?.stop() : this.#operator?.kill());
    if (how === "SIGKILL") await releaseLease(this.#options.bench);
    await this.#start();
  }

  async #start(): Promise<void> {
    this.#operator = await this.#options.bench.startOperator(this.#options.flags);
    await this.#operator.leads();
  }
}
