import type { Board } from "../board.ts";
import { quantile, series } from "../query.ts";
import { bad, good } from "./policy-variable.ts";

export const operator: Board = {
  id: "operator",
  title: "Pawl / Operator",
  description: "Is the operator well: does somebody lead, are the watches alive, does it keep up?",
  variables: [],
  rows: [
    {
      title: "Health",
      height: 5,
      panels: [
        {
          kind: "stat",
          title: "Leaders",
          tells:
            "Exactly one replica leads. Without one nothing is judged, and all state of the cluster is missing from the metrics.",
          unit: "short",
          queries: [{ expr: `sum(${series("leader")})`, legend: "leaders" }],
          thresholds: [bad(0), good(1), { from: 2, colour: "orange" }],
        },
        {
          kind: "table",
          title: "Replicas",
          tells: "Version and cluster of each replica.",
          unit: "none",
          queries: [{ expr: `sum by (version, cluster) (${series("buildInfo")})`, legend: "{{version}}" }],
        },
        {
          kind: "stat",
          title: "Waiting",
          tells: "Items in work queues. A queue that does not empty means that the operator cannot keep up.",
          unit: "short",
          queries: [{ expr: `sum(${series("queueDepth")})`, legend: "items" }],
        },
        {
          kind: "stat",
          title: "Series dropped",
          tells: "Violation series that gave way to the cap and are summed up in _other.",
          unit: "short",
          queries: [{ expr: `max(${series("seriesDropped")})`, legend: "series" }],
          thresholds: [good(0), { from: 1, colour: "yellow" }],
        },
      ],
    },
    {
      title: "Reading",
      height: 9,
      panels: [
        {
          kind: "timeseries",
          title: "Scan duration",
          tells: "How long full scans took: half of them less than the lower line, 99 % less than the upper.",
          unit: "s",
          queries: [
            { expr: quantile(0.5, "scanDuration", "6h"), legend: "50 %" },
            { expr: quantile(0.99, "scanDuration", "6h"), legend: "99 %" },
          ],
        },
        {
          kind: "timeseries",
          title: "Silence of watches",
          tells: "How long ago each kind was last heard of. The API server sends a bookmark about once a minute.",
          unit: "s",
          queries: [{ expr: `topk(10, max by (kind) (time() - ${series("watchLastActivity")}))`, legend: "{{kind}}" }],
        },
        {
          kind: "timeseries",
          title: "Watches opened again",
          tells: "By reason. The API server ends each watch after some minutes; other reasons deserve a look.",
          unit: "reqps",
          queries: [{ expr: `sum by (reason) (rate(${series("watchRestarts")}[15m]))`, legend: "{{reason}}" }],
          emptyWhen: "no watch has ended yet",
        },
      ],
    },
    {
      title: "Objects",
      height: 9,
      panels: [
        {
          kind: "table",
          title: "Objects",
          tells: "What the last scan read, by kind: judged, or folded because a controller answers for it.",
          unit: "short",
          queries: [{ expr: `sort_desc(sum by (kind, outcome) (${series("scanObjects")}))`, legend: "{{kind}}" }],
        },
        {
          kind: "timeseries",
          title: "Evaluation of one object",
          tells: "By all policies together, at the 99th percentile.",
          unit: "s",
          queries: [{ expr: quantile(0.99, "objectEvaluation", "15m"), legend: "99 %" }],
        },
      ],
    },
    {
      title: "Writing",
      height: 8,
      panels: [
        {
          kind: "timeseries",
          title: "Writes of reports and baselines",
          tells: "By outcome. Conflicts are read and decided again; failures are tried again.",
          unit: "reqps",
          queries: [{ expr: `sum by (outcome) (rate(${series("reportWrites")}[5m]))`, legend: "{{outcome}}" }],
          emptyWhen: "nothing was written since the operator started",
        },
        {
          kind: "timeseries",
          title: "Events",
          tells: "Kubernetes Events that were created; at most 50 a minute.",
          unit: "reqps",
          queries: [{ expr: `sum(rate(${series("eventsEmitted")}[5m]))`, legend: "events" }],
        },
        {
          kind: "timeseries",
          title: "Deliveries",
          tells: "Messages of report subscriptions, by what came of each attempt.",
          unit: "short",
          queries: [
            {
              expr: `sum by (subscription, outcome) (increase(${series("notifications")}[1h]))`,
              legend: "{{subscription}} {{outcome}}",
            },
          ],
          emptyWhen: "there is no ReportSubscription",
        },
        {
          kind: "timeseries",
          title: "Memory",
          tells: "Resident memory of each replica; it follows the violations, not the cluster.",
          unit: "bytes",
          queries: [
            {
              expr: `process_resident_memory_bytes and on (instance, job) ${series("leader")}`,
              legend: "{{instance}}",
            },
          ],
        },
      ],
    },
  ],
};
