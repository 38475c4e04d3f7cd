import type { Instant } from "../engine/ledger/types.ts";
import type { KindName } from "../engine/resource.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { coverageOf, isInScope } from "./kind-scope.ts";
import type { Ledgers } from "./ledgers.ts";
import type { PolicyBook } from "./policy-book.ts";
import type { PolicyReporter } from "./policy-reporter.ts";
import { isWatched, type PolicyRun } from "./policy-run.ts";
import type { Coverage } from "./policy-status.ts";
import type { World } from "./world.ts";

export interface CoverageWatchOptions {
  readonly book: PolicyBook;
  readonly runs: ReadonlyMap<string, PolicyRun>;
  readonly world: World;
  readonly ledgers: Ledgers;
  readonly reporter: PolicyReporter;
  readonly metrics: Metrics;
  /** By the API server's clock. */
  readonly now: () => Instant;
}

/** Follows which kinds are holes, for whom, and looks again at the ledgers that this concerns. */
export class CoverageWatch {
  readonly #options: CoverageWatchOptions;

  constructor(options: CoverageWatchOptions) {
    this.#options = options;
  }

  /** Compares what is known of the kinds with what was last shown; a hole that begins or ends concerns every ledger. */
  refresh(): void {
    const { book, runs, world, now, metrics, reporter, ledgers } = this.#options;
    for (const policy of book.inForce()) {
      const run = runs.get(policy.name);
      if (run === undefined || !run.isJudged) continue;
      const coverage = coverageOf(world.standings(policy), now());
      const shown = run.coverage;
      run.coverage = coverage;
      metrics.scanCoverage.set({ policy: policy.name }, coverage.percent / 100);
      if (JSON.stringify(shown) !== JSON.stringify(coverage)) reporter.touch(policy.name);
      if (holeKinds(shown) !== holeKinds(coverage) && isWatched(policy))
        for (const namespace of run.tally.namespaces()) ledgers.touch(policy.name, namespace);
    }
  }

  /** Of these kinds nothing was known, or all was forgotten; now they were read, but for some that could not be. */
  added(added: readonly KindName[], unread: ReadonlySet<KindName>): void {
    const now = this.#options.now();
    for (const kind of added) {
      for (const run of this.#options.runs.values())
        if (!unread.has(kind)) run.unread.delete(kind);
        else if (!run.unread.has(kind)) run.unread.set(kind, now);
      if (!unread.has(kind)) this.touchReadersOf(kind);
    }
  }

  /** Whoever has waited for these kinds since an earlier pass need not any more: they were judged by all policies of now. */
  read(kinds: readonly KindName[]): void {
    for (const kind of kinds) {
      let awaited = false;
      for (const run of this.#options.runs.values()) awaited = run.unread.delete(kind) || awaited;
      if (awaited) this.touchReadersOf(kind);
    }
  }

  /** The policies that judge or read this kind look at all their ledgers again. */
  touchReadersOf(kind: KindName): void {
    const { book, runs, ledgers, reporter } = this.#options;
    for (const policy of book.inForce()) {
      if (!isInScope(policy, kind)) continue;
      for (const namespace of runs.get(policy.name)?.tally.namespaces() ?? []) ledgers.touch(policy.name, namespace);
      reporter.touch(policy.name);
    }
  }
}

function holeKinds(coverage: Coverage | undefined): string | undefined {
  return coverage?.holes.map(({ kind }) => kind).join();
}
