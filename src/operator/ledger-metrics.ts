import { severities } from "../api/severity.ts";
import { countTransitions } from "../engine/ledger/counts.ts";
import type { Metrics } from "../telemetry/metrics.ts";
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
  for (const severity of severities) {
    const labels = { policy: policy.name, severity: severity.toLowerCase() };
    // By 0 as well: a counter that appears with its first count shows no rate.
    metrics.violationsFound.increment(labels, found[severity]);
    metrics.violationsFixed.increment(labels, gone[severity]);
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
