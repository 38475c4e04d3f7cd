import assert from "node:assert/strict";
import { eventually, namespace } from "../../cluster/cluster.ts";
import type { Scenario } from "../../scenario.ts";

export const uninstall: Scenario = {
  name: "helm uninstall takes the operator and leaves the baselines",
  async run(cluster) {
    const before = await cluster.list<{ metadata: { name: string } }>("baselines.pawl.dev");
    assert.ok(before.length > 0);
    await cluster.helm("uninstall", "pawl", "--namespace", namespace, "--wait");
    await eventually(
      "no Pods of the operator",
      60_000,
      () => cluster.list("pods", namespace),
      (pods) => pods.length === 0,
    );
    const names = (list: typeof before) => list.map(({ metadata }) => metadata.name).sort();
    assert.deepEqual(names(await cluster.list("baselines.pawl.dev")), names(before));
  },
};
