import { type Severity, severities } from "../api/severity.ts";
import { countTransitions } from "../engine/ledger/counts.ts";
import type { LedgerRule, ResourceRows } from "../engine/ledger/types.ts";
import { unowned } from "../engine/ownership/ownership.ts";
import { hash53 } from "../engine/values/hash.ts";
import { type ViolationKey, violationKey } from "../engine/violation.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { OwnedViolation } from "../telemetry/owner-counts.ts";
import type { LedgerResult } from "./ledgers.ts";
import type { PolicyRun } from "./policy-run.ts";

/** Shows what one look at a ledger came to. */
export function exposeLedger(metrics: Metrics, { policy, namespace, step, news }: LedgerResult): void {
  const { bySeverity } = step.counts;
  const { found, gone } = countTransitions(news.counted, policy.ledgerRules);
  metrics.violationSeries.set(
    policy.name,
    namespace,
    severities.flatMap((severity) => [
      { severity, state: "New" as const, count: bySeverity[severity].new },
      { severity, state: "Known" as const, count: bySeverity[severity].known },
    ]),
  );
  metrics.violationSeries.setOwned(policy.name, namespace, ownedViolations(step.resources, policy.ledgerRules));
  for (const severity of severities) {
    const labels = { policy: policy.name, severity: severity.toLowerCase() };
    // By 0 as well: a counter that appears with its first count shows no rate.
    metrics.violationsFound.increment(labels, found[severity]);
    metrics.violationsFixed.increment(labels, gone[severity]);
  }
}

/** The violations of one ledger, each by who owns it; also those that the report cuts off. */
export function* ownedViolations(
  resources: readonly ResourceRows[],
  rules: ReadonlyMap<string, LedgerRule>,
): Generator<OwnedViolation, void, void> {
  for (const { ref, owner = unowned, rows } of resources) {
    const counts = new Map<ViolationKey, { readonly severity: Severity; new: number; known: number }>();
    for (const row of rows) {
      const severity = rules.get(row.rule)?.severity;
      if (severity === undefined) continue;
      const key = violationKey(row);
      const count = counts.get(key) ?? { severity, new: 0, known: 0 };
      counts.set(key, count);
      if (row.state === "New") count.new += row.count;
      else count.known += row.count;
    }
    for (const [key, count] of counts) yield { fingerprint: hash53(`${ref}\n${key}`), owner, ...count };
  }
}

/** Shows what the ledgers of a policy add up to. */
export function exposePolicy(metrics: Metrics, run: PolicyRun): void {
  const policy = run.name;
  const { resources, score } = run.tally.summary;
  metrics.resources.set({ policy }, resources);
  if (score === undefined) metrics.score.remove({ policy });
  else metrics.score.set({ policy }, score);
  metrics.baselineEntries.set({ policy }, run.tally.entries);
  metrics.violationSeries.setRules(
    policy,
    run.tally.rules.flatMap(({ id: rule, severity, new: fresh, known }) => [
      { rule, severity, state: "New" as const, count: fresh },
      { rule, severity, state: "Known" as const, count: known },
    ]),
  );
}
