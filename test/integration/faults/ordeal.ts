import { expect } from "vitest";
import { waitFor } from "../cluster.ts";
import { compareWithEngine } from "../differential/compare-with-engine.ts";
import type { Bench } from "../operator/bench.ts";
import type { Judged, Patience } from "../operator/judged.ts";
import { container, deployment } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";

const noLimit = "memory-limit containers[name=app].resources.limits.memory";

export interface Expectations extends Patience {
  /** The report, which remembers what happened, was lost: some changes may be untold. Default false. */
  readonly forgotten?: boolean;
}

/** Debts that there are in the beginning: one for the change at the start, the others for as many changes. */
const debts = 30;

/**
 * A namespace under a Policy of its own while something goes wrong. Each change brings one violation and repairs one that was
 * Known, so that at any moment it is certain what reports, Baseline and Events have to say.
 */
export class Ordeal {
  readonly namespace: string;
  readonly judged: Judged;
  readonly #bench: Bench;
  #changes = 0;

  private constructor(bench: Bench, namespace: string, judged: Judged) {
    this.#bench = bench;
    this.namespace = namespace;
    this.judged = judged;
  }

  /** Resolves when the Baseline is taken and a first change was told: whoever tells it again in what follows tells it twice. */
  static async begin(bench: Bench, prefix: string): Promise<Ordeal> {
    const { namespace, judged } = await setScene(bench, {
      prefix,
      before: (within) => [
        deployment({ name: "old", namespace: within }),
        deployment({ name: "good", namespace: within, containers: [container("app", { memory: "64Mi" })] }),
        ...Array.from({ length: debts }, (_, i) => deployment({ name: `debt-${i + 1}`, namespace: within })),
      ],
    });
    await judged.untilNews([expect.stringContaining("BaselineTaken"), expect.stringContaining("PolicyReady")]);
    await judged.untilYounger();
    const ordeal = new Ordeal(bench, namespace, judged);
    await ordeal.change();
    await ordeal.told();
    return ordeal;
  }

  /** Something gets worse, and something gets better. Tried for as long as the API server does not take it. */
  async change(): Promise<void> {
    if (this.#changes === debts) throw new Error(`${debts} changes have been made: there is no debt left to repair`);
    this.#changes += 1;
    const { namespace } = this;
    const containers = [container("app", { memory: "64Mi" })];
    const objects = [
      deployment({ name: `late-${this.#changes}`, namespace }),
      deployment({ name: `debt-${this.#changes}`, namespace, containers }),
    ];
    for (const object of objects)
      await waitFor(() => this.#bench.apply(object), { describe: "a change to be accepted", timeoutMs: 120_000 });
  }

  /** Waits until the report and the Events tell of everything that was changed. */
  async told(patience: Patience = {}): Promise<void> {
    const { rows, events } = this.#expected();
    await this.judged.untilRows(this.namespace, rows, patience);
    await this.judged.until(() => this.#events(), {
      describe: `the Events ${events.join(", ")}`,
      until: (told) => told.join() === events.join(),
      ...patience,
    });
  }

  /**
   * Waits until everything that was changed is told, and nothing else: by the rows, the counts, the Baseline, the history and the Events. Then a
   * full scan must find nothing to add, and the engine run over the exported objects the same.
   */
  async holds({ forgotten = false, ...patience }: Expectations = {}): Promise<void> {
    const { judged, namespace } = this;
    const { rows, events, changes } = this.#expected();
    const counts = { new: this.#changes, known: rows.length - this.#changes, fixed: this.#changes };
    await (forgotten ? judged.untilRows(namespace, rows, patience) : this.told(patience));
    await judged.untilCounts(namespace, counts, patience);

    await judged.scan(patience);

    expect(await judged.rows(namespace)).toEqual(rows);
    expect(await judged.counts(namespace)).toEqual(counts);
    const [told, kept] = [await this.#events(), (await judged.changes(namespace))?.toSorted() ?? []];
    // What may be forgotten is still told at most once, and nothing else is; only the history may find it a second time.
    expect(told).toEqual(forgotten ? events.filter((event) => told.includes(event)) : events);
    expect(forgotten ? [...new Set(kept)] : kept).toEqual(
      forgotten ? changes.filter((change) => kept.includes(change)) : changes,
    );
    await compareWithEngine(this.#bench, [judged.policy]);
  }

  #expected(): Readonly<Record<"rows" | "events" | "changes", readonly string[]>> {
    const done = Array.from({ length: this.#changes }, (_, i) => i + 1);
    const left = Array.from({ length: debts - this.#changes }, (_, i) => this.#changes + i + 1);
    const row = (name: string, state: string) => `Deployment.apps/${name} ${noLimit} ${state}`;
    return {
      rows: [
        ...["old", ...left.map((i) => `debt-${i}`)].map((name) => row(name, "Known")),
        ...done.map((i) => row(`late-${i}`, "New")),
      ].sort(),
      events: done
        .flatMap((i) => [`Normal ViolationFixed Deployment/debt-${i}`, `Warning ViolationFound Deployment/late-${i}`])
        .sort(),
      changes: done.flatMap((i) => [row(`debt-${i}`, "Fixed Fixed"), row(`late-${i}`, "New Found")]).sort(),
    };
  }

  /** Events without what they say in full; one that was sent twice stands here twice. */
  async #events(): Promise<readonly string[]> {
    const events = await this.judged.events(this.namespace);
    return events.map((event) => event.split(" ", 3).join(" ")).sort();
  }
}
