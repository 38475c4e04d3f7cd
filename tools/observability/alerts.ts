import { series } from "./query.ts";

/** One alert with the page that whoever is woken by it reads. */
export interface Alert {
  readonly name: `Pawl${string}`;
  readonly severity: "critical" | "warning" | "info";
  /** Which past the expression looks at, as a PromQL duration. */
  readonly window: string;
  readonly expr: (window: string) => string;
  /** For how long it must hold, as a PromQL duration. */
  readonly for: string;
  /** One line; may name labels of the expression as `{{ $labels.policy }}`. */
  readonly summary: string;
  readonly runbook: {
    /** What has been seen. */
    readonly meaning: string;
    /** What goes wrong if nobody acts. */
    readonly impact: string;
    /** Commands, one a line, each with a comment that says what to look for. */
    readonly diagnosis: readonly string[];
    readonly actions: readonly string[];
  };
}

export const alerts: readonly Alert[] = [
  {
    name: "PawlNewCriticalViolation",
    severity: "critical",
    window: "1m",
    expr: () => `sum by (policy, namespace) (${series("violations", { state: "new", severity: "critical" })}) > 0`,
    for: "0m",
    summary:
      "{{ $value }} new critical violation(s) of policy {{ $labels.policy }} in namespace {{ $labels.namespace }}",
    runbook: {
      meaning:
        "Something that takes over a node or the cluster, discloses a live credential or breaks the next upgrade is in excess of the baseline. An empty namespace stands for cluster-scoped resources.",
      impact: "It was not there before: whoever deployed it can still take it back cheaply.",
      diagnosis: [
        "kubectl get scanreport -n NAMESPACE POLICY -o yaml   # rows with state: New; changes[0] says since when",
        "kubectl events -n NAMESPACE --types=Warning   # ViolationFound on the workload names the rules",
      ],
      actions: [
        "Take the change back, or repair it as the rule's page says: the alert ends within seconds of the fix.",
        "If it is meant to be so, accept it: add the entry to the Baseline of the namespace, in review.",
      ],
    },
  },
  {
    name: "PawlCoverageHole",
    severity: "warning",
    window: "1m",
    expr: () => `min by (policy) (${series("scanCoverage")}) < 1`,
    for: "15m",
    summary: "Policy {{ $labels.policy }} reads only {{ $value | humanizePercentage }} of the kinds in its scope",
    runbook: {
      meaning: "A kind in scope cannot be listed or watched, for a quarter of an hour or longer.",
      impact:
        "Nothing of that kind is called fixed, and nothing new of it is seen: the numbers of the policy are a lower bound.",
      diagnosis: [
        "kubectl get ppol POLICY -o jsonpath='{.status.coverage}'   # kind, reason and message of each hole",
        "kubectl auth can-i list KIND --as=system:serviceaccount:pawl-system:pawl   # no: a ClusterRole is missing",
      ],
      actions: [
        'Forbidden: grant the kind by a ClusterRole with the label rbac.pawl.dev/aggregate-to-scan: "true".',
        "DiscoveryFailed or ListFailed: mend the aggregated API server or the conversion webhook of the kind.",
        "A kind that is not wanted: take it out of spec.match.kinds.",
      ],
    },
  },
  {
    name: "PawlScanOverdue",
    severity: "warning",
    window: "15m",
    expr: (window) => `time() - max by (policy) (${series("scanNext")} > 0) > ${seconds(window)}`,
    for: "5m",
    summary: "The scan of policy {{ $labels.policy }} is overdue by {{ $value | humanizeDuration }}",
    runbook: {
      meaning: "A scheduled scan should have begun and did not end. Changes may still be judged as they happen.",
      impact: "What the watches may have missed is not found until the scan runs.",
      diagnosis: [
        "kubectl get ppol POLICY -o wide   # LAST SCAN and NEXT SCAN",
        "kubectl logs -n pawl-system deploy/pawl | grep scan   # scan failed and will be tried again: with the error",
      ],
      actions: [
        "Follow the error in the log; a scan is tried again by itself every 30 seconds.",
        "If there is no error, see PawlNoLeader and PawlWatchStalled.",
      ],
    },
  },
  {
    name: "PawlBaselineGrowing",
    severity: "info",
    window: "1d",
    expr: (window) => {
      const entries = `max by (policy) (${series("baselineEntries")})`;
      return `${entries} - max by (policy) (${series("baselineEntries")} offset ${window}) > 0`;
    },
    for: "0m",
    summary: "The baseline of policy {{ $labels.policy }} has {{ $value }} more entries than a day ago",
    runbook: {
      meaning: "More violations are accepted than a day ago.",
      impact: "None by itself. The baseline only grows when a rule, a kind or a namespace is adopted, or by hand.",
      diagnosis: [
        "kubectl events -n default --for policy.pawl.dev/POLICY   # RuleAdopted and BaselineTaken say what was adopted",
        "kubectl get pbl -l pawl.dev/policy=POLICY --show-managed-fields -o yaml   # managers other than pawl: by hand",
      ],
      actions: ["If nobody meant it, take the edit of the Policy or of the Baseline back."],
    },
  },
  {
    name: "PawlWatchStalled",
    severity: "warning",
    window: "10m",
    expr: (window) => `max by (kind) (time() - ${series("watchLastActivity")}) > ${seconds(window)}`,
    for: "5m",
    summary: "Nothing was heard of {{ $labels.kind }} for {{ $value | humanizeDuration }}",
    runbook: {
      meaning:
        "Neither an event nor a bookmark nor a list of the kind has arrived. The API server sends bookmarks about once a minute.",
      impact:
        "Changes of that kind are not seen; after a minute it counts as a hole, and its violations are unverified.",
      diagnosis: [
        "kubectl get --raw /readyz?verbose   # is the API server well?",
        "kubectl logs -n pawl-system deploy/pawl | grep KIND   # watch restarts, with reasons",
      ],
      actions: [
        "If the API server is well and other kinds are heard of, look at the webhook or the API server behind this kind.",
        "Restarting the operator loses nothing: its state is in the cluster.",
      ],
    },
  },
  {
    name: "PawlReportWritesFail",
    severity: "warning",
    window: "10m",
    expr: (window) => `sum(increase(${series("reportWrites", { outcome: "failed" })}[${window}])) > 0`,
    for: "5m",
    summary: "{{ $value | humanize }} writes of reports or baselines failed",
    runbook: {
      meaning: "The API server refuses what the operator writes, or cannot store it.",
      impact: "Reports are older than the metrics, and Events wait for their report.",
      diagnosis: [
        "kubectl logs -n pawl-system deploy/pawl | grep -i write   # the answer of the API server",
        "kubectl auth can-i update scanreports.pawl.dev --as=system:serviceaccount:pawl-system:pawl",
      ],
      actions: [
        "Forbidden: install config/rbac, or the chart, of the version that runs.",
        "No space in etcd: make room; the writes are made up for by themselves.",
      ],
    },
  },
  {
    name: "PawlDeliveryFailing",
    severity: "warning",
    window: "75m",
    expr: (window) =>
      `sum by (subscription, sink) (increase(${series("notifications", { outcome: "failed" })}[${window}])) > 0`,
    for: "5m",
    summary:
      "{{ $value | humanize }} deliveries of subscription {{ $labels.subscription }} to {{ $labels.sink }} failed",
    runbook: {
      meaning:
        "A Slack workspace, mail server or webhook does not take messages, or its credentials cannot be read. What cannot succeed is tried again once an hour, so the alert stays for as long after the cause is gone.",
      impact:
        "Who relies on the messages hears nothing. Nothing is lost: deliveries are tried again, immediate messages are counted in the next digest after an hour, and a digest's period is told by the next one.",
      diagnosis: [
        "kubectl get rsub SUBSCRIPTION -o jsonpath='{.status.conditions}'   # names the field, and says what to do",
        "kubectl get rsub SUBSCRIPTION -o jsonpath='{.status.failing}'   # which channel, since when, and why",
        "kubectl events -n default --for reportsubscription.pawl.dev/SUBSCRIPTION   # DeliveryFailed, when it began",
      ],
      actions: [
        "Stalled=True: do what its message says; it is tried again as soon as the spec or the Secret has changed.",
        "Degraded=True: the receiver is away or wants fewer messages; it is tried again by itself.",
      ],
    },
  },
  {
    name: "PawlSeriesDropped",
    severity: "info",
    window: "1m",
    expr: () => `max(${series("seriesDropped")}) > 0`,
    for: "15m",
    summary: "{{ $value }} violation series gave way to the cap",
    runbook: {
      meaning: "There are more violation series than --series-cap allows; the surplus is summed up in _other.",
      impact: "Some namespaces or rules are missing from boards. Reports are complete.",
      diagnosis: ['count by (policy) ({__name__=~"pawl_.*violations"})   # in Prometheus: which policy has how many'],
      actions: ["Raise --series-cap, or narrow the policies."],
    },
  },
  {
    name: "PawlNoLeader",
    severity: "critical",
    window: "2m",
    expr: () => `absent(${series("leader")} == 1)`,
    for: "2m",
    summary: "No replica of the operator leads, or none is scraped",
    runbook: {
      meaning: "No replica holds the Lease, or Prometheus reaches none of them.",
      impact:
        "Nothing is judged; state metrics are absent. Nothing is lost: what happens meanwhile is found by the next leader.",
      diagnosis: [
        "kubectl get pods -n pawl-system   # are there replicas, and are they ready?",
        "kubectl get lease -n pawl-system pawl -o yaml   # holderIdentity and renewTime",
        "kubectl logs -n pawl-system deploy/pawl   # why it ended or does not lead",
      ],
      actions: [
        "No Pods: look at the Deployment's events (quota, admission, image).",
        "Pods that lead but are not scraped: look at the PodMonitor, NetworkPolicy and the port.",
      ],
    },
  },
];

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A PromQL duration of one unit, in seconds. */
function seconds(duration: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  if (amount === undefined || unit === undefined) throw new TypeError(`not a duration of one unit: ${duration}`);
  return Number(amount) * unitSeconds[unit as keyof typeof unitSeconds];
}
