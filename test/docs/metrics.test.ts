import { describe, expect, test } from "vitest";
import { severities } from "../../src/api/severity.ts";
import { type MetricDefinition, metricTable } from "../../src/telemetry/metric-table.ts";
import { codeBlocks, codeOf } from "./markdown.ts";
import { guides, handbook, pages } from "./pages.ts";

const metrics = new Map(Object.values<MetricDefinition>(metricTable).map((metric) => [metric.name as string, metric]));

const values: Readonly<Record<string, readonly string[]>> = {
  severity: severities.map((severity) => severity.toLowerCase()),
  state: ["new", "known"],
};

function metricOf(name: string): MetricDefinition | undefined {
  return metrics.get(name) ?? metrics.get(name.replace(/_(?:bucket|sum|count)$/, ""));
}

test.each(pages)("$path names only metrics that there are", ({ text }) => {
  // A word in a regular expression may be the beginning of several names.
  const named = codeOf(text).flatMap((code) => [...code.matchAll(/\bpawl_[a-z_]+/g)].map(([name]) => name));

  expect(named.filter((name) => metricOf(name) === undefined)).toEqual([]);
});

const lines = [...guides, ...handbook].flatMap(({ path, text }) =>
  codeBlocks(text).flatMap((block) =>
    block.text
      .split("\n")
      .filter((line) => /\bpawl_[a-z_]+/.test(line) && !line.startsWith("$ "))
      .map((line) => ({ path, line })),
  ),
);

describe.each(lines)("$path: $line", ({ line }) => {
  const named = [...line.matchAll(/\b(pawl_[a-z_]+)(?:\{([^}]*)\})?/g)].flatMap(
    ({ 1: name = "", 2: selector = "" }) => {
      const metric = metricOf(name);
      return metric === undefined ? [] : [{ metric, selector }];
    },
  );

  test("selects by labels that the metric has, and by values that they take", () => {
    for (const { metric, selector } of named)
      for (const { 1: label = "", 2: value = "" } of selector.matchAll(/(\w+)="([^"]*)"/g)) {
        expect(metric.labels).toContain(label);
        expect(values[label] ?? [value]).toContain(value);
      }
  });

  test("groups by labels that the metric has", () => {
    const groups = [...line.matchAll(/\bby \(([^)]*)\)/g)].flatMap(({ 1: list = "" }) => list.split(/,\s*/));

    for (const { metric } of named) expect(metric.labels).toEqual(expect.arrayContaining(groups));
  });

  test("sums over anything but the policy, for policies may overlap", () => {
    const overlap = named.some(({ metric }) => metric.labels.includes("policy"));
    const sums = [...line.matchAll(/\bsum(?: by \(([^)]*)\))?/g)].map(({ 1: list = "" }) => list.split(/,\s*/));
    expect(sums.filter((labels) => overlap && !labels.includes("policy"))).toEqual([]);
  });
});
