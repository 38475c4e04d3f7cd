import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually, namespace } from "../../cluster/cluster.ts";
import { newRules, report } from "../../cluster/reports.ts";
import { apply } from "../../cluster/workloads.ts";
import type { Scenario } from "../../scenario.ts";

export const failover: Scenario = {
  name: "when the leader's Pod is killed the other replica goes on within 20 s, and nothing is lost",
  async run(cluster, tell) {
    const first = await eventually(
      "a leader",
      60_000,
      () => cluster.leader(),
      (name) => name !== "",
    );
    const before = (await report(cluster, "shop")).summary;
    const started = performance.now();
    await cluster.kubectl("delete", "pod", first, "-n", namespace, "--grace-period=0", "--force");
    await apply(cluster, join(import.meta.dirname, "../3-new-violation/worse.yaml"));
    const second = await eventually(
      "another leader",
      60_000,
      () => cluster.leader(),
      (name) => name !== "" && name !== first,
    );
    const seconds = (performance.now() - started) / 1000;
    tell(`${second} leads after ${seconds.toFixed(1)} s`);
    assert.ok(seconds <= 20, `took over after ${seconds.toFixed(1)} s`);
    const after = await eventually(
      "the New row that was made meanwhile",
      90_000,
      () => report(cluster, "shop"),
      (seen) => newRules(seen, "Deployment.apps/checkout").includes("no-host-network"),
    );
    assert.equal(after.summary.known, before.known);
  },
};
