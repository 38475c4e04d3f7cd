import { describe, expect, test } from "vitest";
import { parseMetrics, select, total } from "../../tools/demo/metrics.ts";

const samples = parseMetrics(`# HELP pawl_violations Violations by state.
# TYPE pawl_violations gauge
pawl_violations{policy="production",namespace="shop",severity="high",state="known"} 7
pawl_violations{policy="production",namespace="shop",severity="low",state="new"} 2
pawl_violations{policy="production",namespace="legacy",severity="low",state="new"} 1
pawl_leader 1
pawl_odd{path="a\\"b\\\\c"} +Inf
`);

describe("metrics", () => {
  test("are added up over the labels that are not asked for", () => {
    expect(total(samples, "pawl_violations", { namespace: "shop" })).toBe(9);
  });

  test("are told apart by every label that is asked for", () => {
    expect(select(samples, "pawl_violations", { state: "new", namespace: "legacy" }).map(({ line }) => line)).toEqual([
      'pawl_violations{policy="production",namespace="legacy",severity="low",state="new"} 1',
    ]);
  });

  test("are 0 where no sample was written", () => {
    expect(total(samples, "pawl_score")).toBe(0);
  });

  test("are read without labels, with escapes and with infinities", () => {
    expect(total(samples, "pawl_leader")).toBe(1);
    expect(select(samples, "pawl_odd", { path: 'a"b\\c' }).map(({ value }) => value)).toEqual([
      Number.POSITIVE_INFINITY,
    ]);
  });
});
