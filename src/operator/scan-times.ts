import { next } from "../api/schedule.ts";
import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import type { Instant } from "../engine/ledger/types.ts";
import type { Logger } from "../kube/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { PolicyBook } from "./policy-book.ts";
import type { PolicyRun } from "./policy-run.ts";
import { startSchedule } from "./schedule.ts";

export interface ScanTimesOptions {
  readonly book: PolicyBook;
  readonly runs: ReadonlyMap<string, PolicyRun>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly onDue: (policy: string) => void;
}

/** Scans due within this share one pass: the later is pulled forward. */
export const sharedWithinMs = 60_000;

/** When policies are scanned by their schedules, and which of them share a pass. */
export class ScanTimes {
  readonly #options: ScanTimesOptions;

  constructor(options: ScanTimesOptions) {
    this.#options = options;
  }

  /** The policy is new, or was edited. */
  follow(run: PolicyRun, policy: CompiledPolicy): void {
    run.schedule?.stop();
    run.schedule = undefined;
    if (policy.scan.suspend) {
      this.#show(run, null);
      return;
    }
    run.schedule = startSchedule({
      expression: policy.scan.schedule.expression,
      timeZone: policy.scan.timeZone,
      logger: this.#options.logger,
      onDue: (due) => {
        if (due.getTime() > run.coveredUntil) this.#options.onDue(policy.name);
      },
    });
    this.#show(run, run.schedule.nextDue.getTime());
  }

  /** The policies asked for, and those whose scheduled scan would follow within the minute; sorted. */
  sharing(wanted: ReadonlySet<string>, now: Instant): readonly string[] {
    const { book, runs } = this.#options;
    const sharing = new Set(wanted);
    for (const policy of book.inForce()) {
      const run = runs.get(policy.name);
      if (run === undefined || policy.scan.suspend) continue;
      const due = nextScan(run, policy, now);
      if (due > now + sharedWithinMs) continue;
      run.coveredUntil = due;
      sharing.add(policy.name);
    }
    return [...sharing].sort();
  }

  /** The policy was scanned. */
  scanned(run: PolicyRun, policy: CompiledPolicy, endedAt: Instant): void {
    this.#show(run, policy.scan.suspend ? null : nextScan(run, policy, endedAt));
  }

  /** As a metric 0 says that there will be none. */
  #show(run: PolicyRun, at: Instant | null): void {
    run.nextScanTime = at;
    this.#options.metrics.scanNext.set({ policy: run.name }, (at ?? 0) / 1000);
  }
}

function nextScan(run: PolicyRun, policy: CompiledPolicy, after: Instant): Instant {
  const from = new Date(Math.max(after, run.coveredUntil));
  return next(policy.scan.schedule, policy.scan.timeZone, from).getTime();
}
