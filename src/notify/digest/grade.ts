import type { Severity } from "../../api/severity.ts";
import type { Grade } from "../../api/summary.ts";
import type { Instant } from "../../engine/ledger/instant.ts";
import { type Posture, posture, postureOf, weightOf } from "../../engine/score.ts";
import { dayOf } from "./days.ts";
import type { LedgerView } from "./ledger-view.ts";

/** Score and grade of one policy's ledgers together; undefined without resources. */
export function gradeNow(ledgers: readonly LedgerView[]): Posture | undefined {
  const resources = ledgers.reduce((sum, { summary }) => sum + summary.resources, 0);
  const worst = (severity: Severity) => ledgers.reduce((sum, ledger) => sum + ledger.worst[severity], 0);
  const counts = { Critical: worst("Critical"), High: worst("High"), Medium: worst("Medium"), Low: worst("Low") };
  return posture(
    resources,
    counts,
    ledgers.some(({ hasNewCritical }) => hasNewCritical),
  );
}

/**
 * The same when the day of an instant began. Exact for ledgers in which nothing changed since; of the others the history holds the score
 * in whole points, of which the middle is taken.
 */
export function gradeThen(ledgers: readonly LedgerView[], at: Instant): Posture | undefined {
  const day = dayOf(at);
  const then = ledgers.flatMap((ledger) => {
    const before = ledger.history.findLast(({ date }) => date < day) ?? oldestKept(ledger, at);
    if (before === undefined) return [];
    if (before === ledger.history.at(-1))
      return [{ resources: ledger.summary.resources, weight: weightOf(ledger.worst) }];
    const lost = before.score === undefined ? 0 : 100 - Math.min(100, before.score + 0.5);
    return [{ resources: before.resources, weight: lost * before.resources }];
  });
  const sum = (of: (one: { readonly resources: number; readonly weight: number }) => number) =>
    then.reduce((total, one) => total + of(one), 0);
  return postureOf(
    sum(({ resources }) => resources),
    sum(({ weight }) => weight),
    ledgers.some((ledger) => ledger.hadNewCritical(at)),
  );
}

/** Of a ledger that is older than its history, which ends at 35 entries. */
function oldestKept({ history, takenAt }: LedgerView, at: Instant) {
  return takenAt !== undefined && takenAt < at ? history[0] : undefined;
}

const order: readonly Grade[] = ["A", "B", "C", "D", "E"];

export function worstGrade(grades: readonly Grade[]): Grade | undefined {
  return order.findLast((grade) => grades.includes(grade));
}
