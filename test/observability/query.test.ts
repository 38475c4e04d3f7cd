import { expect, it } from "vitest";
import { quantile, series } from "../../tools/observability/query.ts";

it.each([
  [series("leader"), "pawl_leader"],
  [series("violations", { state: "new" }), 'pawl_violations{state="new"}'],
  [
    series("violations", { policy: "a", severity: { matching: "high|low" } }),
    'pawl_violations{policy="a", severity=~"high|low"}',
  ],
  [series("resources", { policy: 'a"b\\c' }), 'pawl_resources{policy="a\\"b\\\\c"}'],
  [
    quantile(0.99, "scanDuration", "1h"),
    "histogram_quantile(0.99, sum by (le) (rate(pawl_scan_duration_seconds_bucket[1h])))",
  ],
])("selects %s", (query, expected) => {
  expect(query).toBe(expected);
});
