import { keepMs } from "../engine/ledger/limits.ts";
import type { StoredBaseline } from "../engine/ledger/stored.ts";
import type { Instant } from "../engine/ledger/types.ts";

/** Why nothing is judged any more in a ledger of which objects are left. */
export type RetirementReason = "orphaned" | "namespace-gone" | "out-of-scope";

/** What becomes of its Baseline: kept with the instant at which it retired, so that a return takes it up; later removed. */
export type Retirement = { readonly keep: StoredBaseline; readonly until: Instant } | "remove";

const marks = {
  orphaned: "orphanedSince",
  "namespace-gone": "namespaceGoneSince",
  "out-of-scope": "outOfScopeSince",
} as const satisfies Record<RetirementReason, keyof StoredBaseline>;

/** docs/ledger.md 7.1 and 3.7: `settle` after the namespace, 30 days after the policy or after the namespace left the scope. */
export function retire(baseline: StoredBaseline, reason: RetirementReason, now: Instant, settleMs: number): Retirement {
  const mark = marks[reason];
  const { orphanedSince, namespaceGoneSince, outOfScopeSince, ...rest } = baseline;
  const since = { orphanedSince, namespaceGoneSince, outOfScopeSince }[mark] ?? Math.floor(now / 1000) * 1000;
  const until = since + (reason === "namespace-gone" ? settleMs : keepMs);
  return now >= until ? "remove" : { keep: { ...rest, [mark]: since }, until };
}
