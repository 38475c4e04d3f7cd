import type { Instant } from "../../engine/ledger/instant.ts";
import { changesKeptMs } from "../../engine/ledger/limits.ts";
import { dayMs, dayOf } from "./days.ts";
import type { LedgerView } from "./ledger-view.ts";

/** Whether a report's `changes` hold everything since an instant. */
export function knowsSince({ takenAt, changesDropped, oldestChange }: LedgerView, since: Instant, now: Instant) {
  const kept = now - changesKeptMs;
  const complete = changesDropped > 0 && oldestChange !== undefined ? Math.max(kept, oldestChange + 1) : kept;
  return Math.max(since, takenAt ?? since) >= complete;
}

/**
 * How much was fixed since an instant, at least, by the days of a report's history: they are kept five times as long as changes,
 * but say neither what it was nor whose. A day that had begun before the instant is left out.
 * @param freshNow violations of this report that came since and are still there
 */
export function fixedByHistory({ history, summary, takenAt }: LedgerView, since: Instant, freshNow: number): number {
  const first = dayOf(since + dayMs - 1);
  const isOlder = takenAt !== undefined && takenAt < since;
  const before = history.findLast(({ date }) => date < first) ?? (isOlder ? history[0] : undefined);
  const days = history.filter(({ date }) => date >= first && date !== before?.date);
  const gone = days.reduce((sum, day) => sum + day.gone, 0);
  const found = days.reduce((sum, day) => sum + day.found, 0);
  const passed = Math.max(0, found - freshNow);
  return Math.max(0, summary.fixed - (before?.fixed ?? 0)) + Math.max(0, gone - passed);
}
