import assert from "node:assert/strict";
import { type Cluster, eventually, namespace, operators } from "../../cluster/cluster.ts";
import { docker, pawl } from "../../cluster/container.ts";
import type { Scenario } from "../../scenario.ts";

const made = ["scanreports", "scanreportparts", "clusterscanreports", "clusterscanreportparts"];
const ownLabel = "app.kubernetes.io/name=pawl";

/** As docs/install.md says, line by line. */
export const uninstall: Scenario = {
  name: "helm uninstall leaves what the operator knew, pawl uninstall takes that, and with the CRDs nothing is left",
  async run(cluster) {
    const [baselines, policies] = [await names(cluster, "baselines"), await names(cluster, "policies")];
    assert.ok(baselines.length > 0);
    assert.ok((await names(cluster, ...made)).includes("ScanReport shop/default"));

    await cluster.helm("uninstall", "pawl", "--namespace", namespace, "--wait");
    await eventually(
      "no Pods of the operator",
      60_000,
      () => cluster.list("pods", namespace, operators),
      (pods) => pods.length === 0,
    );
    assert.deepEqual(await names(cluster, "baselines"), baselines);
    const reports = await names(cluster, ...made);
    assert.ok(reports.includes("ScanReport shop/default"));

    const lease = `Lease ${namespace}/pawl-operator`;
    const listed = await docker("run", "--rm", ...(await pawl(cluster, "uninstall")));
    assert.deepEqual(listed.split("\n").sort(), [...reports, lease].sort());
    assert.deepEqual(await names(cluster, ...made), reports);
    const deleted = await docker("run", "--rm", ...(await pawl(cluster, "uninstall", "--yes", "--baselines")));
    assert.deepEqual(deleted.split("\n").sort(), [...reports, ...baselines, lease].sort());
    assert.deepEqual(await names(cluster, ...made, "baselines"), []);
    assert.deepEqual(await names(cluster, "policies", "reportsubscriptions"), [
      ...policies,
      "ReportSubscription receiver",
    ]);

    await cluster.kubectl("delete", "crd", "--selector", ownLabel);
    const kinds =
      "all,crds,clusterroles,clusterrolebindings,roles,rolebindings,serviceaccounts,configmaps,leases,poddisruptionbudgets,networkpolicies";
    assert.deepEqual(await cluster.list(kinds, undefined, ownLabel), []);
    assert.equal(await cluster.kubectl("api-resources", "--api-group=pawl.dev", "--output=name"), "");
  },
};

/** `ScanReport shop/default`, sorted: of our own kinds. */
async function names(cluster: Cluster, ...plurals: readonly string[]): Promise<readonly string[]> {
  const kinds = plurals.map((plural) => `${plural}.pawl.dev`).join();
  const objects = await cluster.list<{ kind: string; metadata: { name: string; namespace?: string } }>(kinds);
  return objects
    .map(
      ({ kind, metadata: { name, namespace: within } }) =>
        `${kind} ${within === undefined ? name : `${within}/${name}`}`,
    )
    .sort();
}
