import { expect } from "vitest";
import { type CompareOptions, compareWithEngine } from "../differential/compare-with-engine.ts";
import type { Bench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import { container, deployment, only, policy } from "../operator/objects.ts";

const label = "failover.example.com/judged-by";
const at = "memory-limit at containers[name=app].resources.limits.memory.";
const row = "memory-limit containers[name=app].resources.limits.memory";

/**
 * Changes that make a leader write everything that it ever writes, round by round, and what has to come of them: every violation
 * found, fixed and told exactly once, whoever led meanwhile.
 */
export class Rounds {
  readonly #bench: Bench;
  readonly #judged: Judged;
  /** Of the policy, and of the namespace in which most happens. */
  readonly #name: string;
  readonly #rounds: number;
  #done = 0;
  #isAsideJudged = true;

  /** @param rounds at most 100: a report lists 200 changes */
  constructor(bench: Bench, name: string, rounds: number) {
    this.#bench = bench;
    this.#name = name;
    this.#judged = new Judged(bench, name);
    this.#rounds = rounds;
  }

  /** One Deployment without a limit for each round, accepted; resolves when the baseline is taken. */
  async begin(): Promise<void> {
    const bench = this.#bench;
    const name = this.#name;
    await bench.createNamespace(name, { [label]: name });
    await bench.createNamespace(`${name}-aside`, { [label]: name });
    await bench.apply(deployment({ name: "fine", namespace: `${name}-aside`, containers: limited }));
    for (let round = 1; round <= this.#rounds; round++)
      await bench.apply(deployment({ name: `old-${round}`, namespace: name }));
    const match = { namespaceSelector: { matchLabels: { [label]: name } } };
    await bench.apply(policy(name, { match, rules: only("memory-limit"), scan: { schedule: "@yearly" } }));
    await this.#judged.untilScanned();
    await this.#judged.untilYounger();
    await this.settled();
  }

  /** What the next round leaves is judged again, so that the next one can take it out of the scope. */
  async prepare(): Promise<void> {
    if (this.#isAsideJudged) return;
    await this.#judgeAside(true);
    await this.settled();
  }

  /**
   * A violation that comes, one that goes, a namespace that comes with one, and one that leaves the scope: Baselines and reports are
   * created, updated and deleted, Events sent, and the status changes.
   */
  async next(): Promise<void> {
    const bench = this.#bench;
    const name = this.#name;
    this.#done += 1;
    const own = `${name}-${this.#done}`;
    await bench.apply(deployment({ name: `worse-${this.#done}`, namespace: name }));
    await bench.apply(deployment({ name: `old-${this.#done}`, namespace: name, containers: limited }));
    await this.#judgeAside(false);
    await bench.createNamespace(own, { [label]: name });
    await bench.apply(deployment({ name: "bad", namespace: own }));
  }

  /** A leader has scanned once more, and has said so in the status of the Policy. */
  async scanned(): Promise<void> {
    await this.#judged.scan();
  }

  /** What is stored is what the engine comes to. */
  async settled(options: CompareOptions = {}): Promise<void> {
    await compareWithEngine(this.#bench, [this.#name], options);
  }

  /** Nothing was lost, nothing called fixed that is there, and nothing told twice or not at all, over all rounds so far. */
  async allToldOnce(): Promise<void> {
    const name = this.#name;
    const own = `${name}-${this.#done}`;
    const rounds = Array.from({ length: this.#done }, (_, index) => index + 1);
    await this.#judged.untilEvents(
      name,
      rounds
        .flatMap((round) => [
          `Warning ViolationFound Deployment/worse-${round} New: ${at}`,
          `Normal ViolationFixed Deployment/old-${round} Fixed: ${at}`,
        ])
        .sort(),
    );
    const changes = (await this.#judged.changes(name)) ?? [];
    expect([...changes].sort()).toEqual(
      rounds
        .flatMap((round) => [
          `Deployment.apps/worse-${round} ${row} New Found`,
          `Deployment.apps/old-${round} ${row} Fixed Fixed`,
        ])
        .sort(),
    );
    await this.#judged.untilEvents(own, [`Warning ViolationFound Deployment/bad New: ${at}`]);
    expect(await this.#judged.changes(own)).toEqual([`Deployment.apps/bad ${row} New Found`]);
    expect(await this.#judged.counts(name)).toEqual({
      new: this.#done,
      known: this.#rounds - this.#done,
      fixed: this.#done,
    });
  }

  async #judgeAside(isJudged: boolean): Promise<void> {
    this.#isAsideJudged = isJudged;
    await this.#bench.request(
      "PATCH",
      `/api/v1/namespaces/${this.#name}-aside`,
      { metadata: { labels: { [label]: isJudged ? this.#name : null } } },
      { contentType: "application/merge-patch+json" },
    );
  }
}

const limited = [container("app", { memory: "64Mi" })];
