import assert from "node:assert/strict";
import { join } from "node:path";
import { type Cluster, eventually, namespace } from "../../cluster/cluster.ts";
import { crowd, crowdSize } from "../../cluster/crowd.ts";
import { receiverSecret } from "../../cluster/receiver.ts";
import { events, type Report } from "../../cluster/reports.ts";
import { apply } from "../../cluster/workloads.ts";
import type { Scenario } from "../../scenario.ts";

const chart = join(import.meta.dirname, "../../../chart");

/** From the beginning of `helm install`. */
const firstReportsWithinMs = 60_000;

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly containers: readonly { readonly securityContext: object }[] };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly lastState: { readonly terminated?: { readonly reason: string; readonly exitCode: number } };
      readonly state: { readonly waiting?: { readonly reason: string } };
    }[];
  };
}

export const baseline: Scenario = {
  name: "what is there when the chart is installed becomes the baseline, and nobody is told",
  async run(cluster, tell) {
    await apply(cluster, join(import.meta.dirname, "workloads.yaml"));
    await crowd(cluster.kubeconfig);
    await suffering(cluster);
    const started = performance.now();
    await install(cluster);
    const reports = await eventually(
      "ScanReports of every namespace",
      firstReportsWithinMs,
      () => cluster.list<Report>("scanreports.pawl.dev"),
      (seen) => seen.filter(({ metadata }) => /^(shop|crowd-\d+)$/.test(metadata.namespace)).length === 21,
    );
    const seconds = (performance.now() - started) / 1000;
    tell(`reports of ${crowdSize} objects ${seconds.toFixed(1)} s after helm install began`);
    assert.ok(seconds * 1000 <= firstReportsWithinMs);
    const shop = reports.find(({ metadata }) => metadata.namespace === "shop");
    assert.ok(shop !== undefined);
    assert.ok(shop.summary.known > 0, "the debt of namespace shop is Known");
    assert.equal(shop.summary.new, 0);
    assert.deepEqual(await events(cluster, "shop"), [], "no Event tells of what was there");
    const folded = shop.violating.filter(({ ref }) => !ref.startsWith("Deployment.apps/"));
    assert.deepEqual(
      folded.filter(({ ref }) => /^(Pod|ReplicaSet)/.test(ref)),
      [],
      "Pods and ReplicaSets are folded",
    );
    await restricted(cluster);
  },
};

async function install(cluster: Cluster): Promise<void> {
  const [, registry = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(cluster.image) ?? [];
  const values = { "image.registry": registry, "image.repository": repository, "image.tag": tag, clusterName: "e2e" };
  const secrets = `reports.secretNames={${receiverSecret}}`;
  const sets = Object.entries(values).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  await cluster.helm(
    "install",
    "pawl",
    chart,
    "--namespace",
    namespace,
    "--create-namespace",
    ...sets,
    "--set",
    secrets,
  );
  await cluster.kubectl("rollout", "status", "deployment/pawl", "--namespace", namespace, "--timeout=120s");
}

/** The kubelet has killed the one and given up on the other for a while. */
async function suffering(cluster: Cluster): Promise<void> {
  await eventually(
    "OOMKilled and CrashLoopBackOff",
    180_000,
    async () => await cluster.list<Pod>("pods", "shop"),
    (pods) => {
      const of = (app: string) =>
        pods
          .filter(({ metadata }) => metadata.name.startsWith(app))
          .flatMap(({ status }) => status.containerStatuses ?? []);
      return (
        of("hungry").some(({ lastState }) => lastState.terminated?.reason === "OOMKilled") &&
        of("broken").some(({ state }) => state.waiting?.reason === "CrashLoopBackOff")
      );
    },
  );
}

/** As it runs, not as the chart says. */
async function restricted(cluster: Cluster): Promise<void> {
  const pods = (await cluster.list<Pod>("pods", namespace)).filter(({ metadata }) => metadata.name.startsWith("pawl-"));
  assert.equal(pods.length, 2);
  for (const { spec } of pods)
    assert.deepEqual(
      spec.containers.map(({ securityContext }) => securityContext),
      [
        {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          privileged: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        },
      ],
    );
  await cluster.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
  await cluster.kubectl("rollout", "restart", "deployment/pawl", "--namespace", namespace);
  await cluster.kubectl("rollout", "status", "deployment/pawl", "--namespace", namespace, "--timeout=120s");
}
