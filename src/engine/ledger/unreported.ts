import type { StoredBaseline, StoredReport } from "./stored.ts";
import type { LedgerStep } from "./types.ts";

/** What of a step is to be stored, and in which order. */
export interface Storing {
  readonly baseline: StoredBaseline | undefined;
  /** Undefined: there is nothing to report yet. */
  readonly report: StoredReport | undefined;
  readonly order: LedgerStep["writeOrder"];
}

/**
 * A report exists where the policy judges something, so that a missing one never means clean. Where nothing was ever judged the
 * Baseline alone is stored, marked: by the mark, a report that does not exist yet is told from one that was lost. The first report comes
 * before the mark goes, or a stop in between would make it look lost.
 */
export function storingOf(
  stored: { readonly baseline: StoredBaseline | undefined; readonly report: StoredReport | undefined },
  step: LedgerStep,
): Storing {
  const { baseline, report, writeOrder } = step;
  if (baseline === undefined) return { baseline, report, order: writeOrder };
  const { unreported: _, ...marked } = baseline;
  if (stored.report === undefined && saysNothing(report))
    return { baseline: { ...marked, unreported: true }, report: undefined, order: writeOrder };
  return { baseline: marked, report, order: stored.baseline?.unreported ? "report-first" : writeOrder };
}

function saysNothing({ summary, violating, unverified, problems }: StoredReport): boolean {
  return summary.resources === 0 && violating.length === 0 && unverified.length === 0 && problems.length === 0;
}
