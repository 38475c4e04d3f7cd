import assert from "node:assert/strict";
import { join } from "node:path";
import { total } from "../../../tools/demo/metrics.ts";
import { eventually } from "../../cluster/cluster.ts";
import { receive, received } from "../../cluster/receiver.ts";
import { events, newRules, report } from "../../cluster/reports.ts";
import { apply } from "../../cluster/workloads.ts";
import type { Scenario } from "../../scenario.ts";

export const newViolation: Scenario = {
  name: "what gets worse is New in the report, an Event on the workload, a metric, and a message",
  async run(cluster, tell) {
    await receive(cluster);
    await apply(cluster, join(import.meta.dirname, "worse.yaml"));
    const started = performance.now();
    await eventually(
      "a New row of no-host-network",
      60_000,
      () => report(cluster, "shop"),
      (seen) => newRules(seen, "Deployment.apps/checkout").includes("no-host-network"),
    );
    tell(`New after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const told = await eventually(
      "the Event ViolationFound",
      30_000,
      () => events(cluster, "shop"),
      (seen) => seen.some(({ reason }) => reason === "ViolationFound"),
    );
    assert.deepEqual(
      told.map(({ reason, regarding }) => `${reason} ${regarding.kind}/${regarding.name}`),
      ["ViolationFound Deployment/checkout"],
    );
    await eventually(
      "pawl_violations",
      30_000,
      () => cluster.metrics(),
      (seen) => total(seen, "pawl_violations", { namespace: "shop", state: "new" }) > 0,
    );
    const messages = await eventually(
      "the message about no-host-network",
      60_000,
      () => received(cluster),
      (seen) => seen.some(({ kind, notice }) => kind === "transitions" && notice?.rule.id === "no-host-network"),
    );
    assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length, "none is sent twice");
  },
};
