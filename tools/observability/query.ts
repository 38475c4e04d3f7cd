import { type MetricTable, metricTable } from "../../src/telemetry/metric-table.ts";

type LabelOf<Metric extends keyof MetricTable> = MetricTable[Metric]["labels"][number];

/** A label equals the text, or matches the regular expression (RE2, whole value). */
export type LabelMatch = string | { readonly matching: string };

/**
 * Selects the series of a metric in PromQL: `series("violations", { state: "new" })` → `pawl_violations{state="new"}`. A
 * metric or a label that the operator does not serve does not compile.
 */
export function series<Metric extends keyof MetricTable>(
  metric: Metric,
  filter?: Readonly<Partial<Record<LabelOf<Metric>, LabelMatch>>>,
): string {
  return selector(metricTable[metric].name, filter ?? {});
}

type HistogramOf<Table> = {
  [Metric in keyof Table]: Table[Metric] extends { readonly kind: "histogram" } ? Metric : never;
}[keyof Table];

/** The value below which the given share of observations lay: `quantile(0.99, "scanDuration", "1h")`. */
export function quantile(share: number, metric: HistogramOf<MetricTable>, window: string): string {
  return `histogram_quantile(${share}, sum by (le) (rate(${metricTable[metric].name}_bucket[${window}])))`;
}

function selector(name: string, filter: Readonly<Record<string, LabelMatch | undefined>>): string {
  const matchers = Object.entries(filter).flatMap(([label, match]) => {
    if (match === undefined) return [];
    return [typeof match === "string" ? `${label}=${quoted(match)}` : `${label}=~${quoted(match.matching)}`];
  });
  return matchers.length === 0 ? name : `${name}{${matchers.join(", ")}}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
