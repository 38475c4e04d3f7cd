import { type MetricDefinition, metricTable } from "../../src/telemetry/metric-table.ts";
import { type Generator, notice } from "./generator.ts";
import { code, table } from "./markdown.ts";

/** Every metric of the operator, in `docs/reference/metrics.md`. */
export const metricsReference: Generator = {
  name: "metrics-reference",
  outputs: async () => new Map([["docs/reference/metrics.md", page(Object.values(metricTable))]]),
};

function page(metrics: readonly MetricDefinition[]): string {
  return `${[
    `<!-- ${notice("metrics-reference", "src/telemetry/metric-table.ts")} -->`,
    "# Metrics",
    "Everything that the operator serves at `/metrics`, beside what every Node process tells of itself (`process_*`, `nodejs_*`). The guide [Metrics](../guides/metrics.md) says what to do with them.",
    "*Leader*: tells the state of the cluster, which only the replica that leads knows; a standby does not serve it. *Capped*: counts against the setting `--series-cap`; what is over it is summed up in series whose namespace or rule is `_other`.",
    table(["Metric", "Type", "Labels", "What it tells", ""], metrics.map(row)),
    "## Buckets",
    table(
      ["Histogram", "Upper bounds in seconds"],
      metrics.flatMap(({ name, buckets }) => (buckets === undefined ? [] : [[code(name), buckets.join(", ")]])),
    ),
  ].join("\n\n")}\n`;
}

function row({ name, kind, labels, help, leaderOnly, capped }: MetricDefinition): string[] {
  const marks = [...(leaderOnly ? ["leader"] : []), ...(capped ? ["capped"] : [])];
  return [code(name), kind, labels.map(code).join(", "), help, marks.join(", ")];
}
