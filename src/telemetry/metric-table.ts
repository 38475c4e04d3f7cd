/** One metric. Names, labels and meanings are a contract with dashboards and alerts: changing one is a breaking change. */
export interface MetricDefinition {
  readonly name: `pawl_${string}`;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
  /** Tells the state of the cluster, which only the leader knows: not exposed by a standby or a deposed leader. */
  readonly leaderOnly?: true;
  /** Kept by `ViolationSeries`, which caps how many there are, instead of prom-client. */
  readonly capped?: true;
}

/**
 * Every metric of Pawl; nothing creates one elsewhere. `severity` and `state` are in lower case, `kind` is written
 * `Deployment.apps`. The names of resources are never a label.
 */
export const metricTable = {
  violations: {
    name: "pawl_violations",
    kind: "gauge",
    help: "Violations now, by policy and namespace; namespace is empty for cluster-scoped resources.",
    labels: ["policy", "namespace", "severity", "state"],
    leaderOnly: true,
    capped: true,
  },
  ruleViolations: {
    name: "pawl_rule_violations",
    kind: "gauge",
    help: "Violations now, by policy and rule; only rules that have any.",
    labels: ["policy", "rule", "severity", "state"],
    leaderOnly: true,
    capped: true,
  },
  ownerViolations: {
    name: "pawl_owner_violations",
    kind: "gauge",
    help: "Violations now, by owning team; counted once over all policies, only owners that have any.",
    labels: ["owner", "severity", "state"],
    leaderOnly: true,
    capped: true,
  },
  resources: {
    name: "pawl_resources",
    kind: "gauge",
    help: "Resources that the policy judges.",
    labels: ["policy"],
    leaderOnly: true,
  },
  score: {
    name: "pawl_score",
    kind: "gauge",
    help: "Score of the policy, 0 to 100, rounded down.",
    labels: ["policy"],
    leaderOnly: true,
  },
  violationsFound: {
    name: "pawl_violations_found_total",
    kind: "counter",
    help: "Violations that became New.",
    labels: ["policy", "severity"],
  },
  violationsFixed: {
    name: "pawl_violations_fixed_total",
    kind: "counter",
    help: "Violations that were fixed.",
    labels: ["policy", "severity"],
  },
  baselineEntries: {
    name: "pawl_baseline_entries",
    kind: "gauge",
    help: "Entries in the baselines of the policy.",
    labels: ["policy"],
    leaderOnly: true,
  },
  scanLastSuccess: {
    name: "pawl_scan_last_success_timestamp_seconds",
    kind: "gauge",
    help: "When the last scan of the policy ended; one with holes counts.",
    labels: ["policy"],
    leaderOnly: true,
  },
  scanNext: {
    name: "pawl_scan_next_timestamp_seconds",
    kind: "gauge",
    help: "When the next scan of the policy is due.",
    labels: ["policy"],
    leaderOnly: true,
  },
  scanDuration: {
    name: "pawl_scan_duration_seconds",
    kind: "histogram",
    help: "How long scans took.",
    labels: [],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  },
  scanObjects: {
    name: "pawl_scan_objects",
    kind: "gauge",
    help: "Objects that the last scan read, by kind and what became of them.",
    labels: ["kind", "outcome"],
    leaderOnly: true,
  },
  scanCoverage: {
    name: "pawl_scan_coverage_ratio",
    kind: "gauge",
    help: "Fully read kinds among the kinds in scope of the policy, 0 to 1.",
    labels: ["policy"],
    leaderOnly: true,
  },
  objectEvaluation: {
    name: "pawl_object_evaluation_seconds",
    kind: "histogram",
    help: "How long one object took to be judged by all policies.",
    labels: [],
    buckets: [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.1],
  },
  watchRestarts: {
    name: "pawl_watch_restarts_total",
    kind: "counter",
    help: "Watches that had to be opened again and pages of lists that had to be asked for again, by kind and reason.",
    labels: ["kind", "reason"],
  },
  watchLastActivity: {
    name: "pawl_watch_last_activity_timestamp_seconds",
    kind: "gauge",
    help: "When the watch of the kind last saw an event, a bookmark or a list.",
    labels: ["kind"],
  },
  queueDepth: {
    name: "pawl_queue_depth",
    kind: "gauge",
    help: "Items that wait in work queues.",
    labels: [],
  },
  reportWrites: {
    name: "pawl_report_writes_total",
    kind: "counter",
    help: "Writes of reports and baselines, by outcome.",
    labels: ["outcome"],
  },
  eventsEmitted: {
    name: "pawl_events_emitted_total",
    kind: "counter",
    help: "Kubernetes Events that were created.",
    labels: [],
  },
  notifications: {
    name: "pawl_notifications_total",
    kind: "counter",
    help: "Attempts to deliver a message, by what came of them: delivered, repeated (after a crash, so it may be there twice) or failed.",
    labels: ["subscription", "sink", "outcome"],
  },
  seriesDropped: {
    name: "pawl_series_dropped",
    kind: "gauge",
    help: "Violation series that gave way to the series cap and are counted in _other.",
    labels: [],
  },
  leader: {
    name: "pawl_leader",
    kind: "gauge",
    help: "1 if this replica leads, else 0.",
    labels: [],
  },
  buildInfo: {
    name: "pawl_build_info",
    kind: "gauge",
    help: "Always 1; tells the version that runs and the name of its cluster.",
    labels: ["version", "cluster"],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricTable = typeof metricTable;
