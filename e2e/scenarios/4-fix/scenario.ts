import assert from "node:assert/strict";
import { join } from "node:path";
import { total } from "../../../tools/demo/metrics.ts";
import { eventually } from "../../cluster/cluster.ts";
import { report } from "../../cluster/reports.ts";
import { apply } from "../../cluster/workloads.ts";
import type { Scenario } from "../../scenario.ts";

export const fix: Scenario = {
  name: "what is fixed is gone from the report and counted",
  async run(cluster) {
    const before = (await report(cluster, "shop")).summary;
    assert.ok(before.new > 0, "the scenario before this one made something worse");
    await apply(cluster, join(import.meta.dirname, "../1-baseline/workloads.yaml"));
    const after = await eventually(
      "nothing New",
      60_000,
      () => report(cluster, "shop"),
      ({ summary }) => summary.new === 0,
    );
    assert.ok(
      after.changes.some(({ rule, to }) => rule === "no-host-network" && to === "Gone"),
      "the change stands in the report",
    );
    await eventually(
      "pawl_violations_fixed_total",
      30_000,
      () => cluster.metrics(),
      (seen) => total(seen, "pawl_violations_fixed_total", { policy: "default" }) > 0,
    );
  },
};
