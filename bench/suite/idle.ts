import { atMost, type Bench, type BenchOptions, exactly, figure, type Measurement } from "../bench.ts";
import { isWrite, nameOf, operatorRequests } from "../cluster/audit.ts";
import { startBenchCluster } from "../cluster/bench-cluster.ts";
import { OperatorProcess } from "../cluster/operator-process.ts";
import { BenchPolicy } from "../cluster/policy.ts";
import { cpuSecondsOf } from "../cluster/process-usage.ts";
import { seedCluster } from "../cluster/seed.ts";
import { until } from "../cluster/until.ts";

const defaultObjects = 2_000;
const rescans = 10;

/** How often the leader renews its Lease. */
const leaseEverySeconds = 2;

/** What an operator writes while nothing changes, as the API server's audit log tells it. */
export const idleBench: Bench = {
  name: "idle",
  summary: "requests of the operator during ten full scans of a cluster in which nothing changes",
  async run({ objects: wanted = defaultObjects, seed, say }: BenchOptions): Promise<readonly Measurement[]> {
    await using cluster = await startBenchCluster({ audit: true });
    const { objects } = await seedCluster({ admin: cluster.plane.admin, objects: wanted, seed, say });
    await using operator = await OperatorProcess.start({ kubeconfig: cluster.kubeconfig });
    const policy = new BenchPolicy(cluster.client, "recommended");
    await policy.create();
    await policy.untilScanned();
    // Rests what the first scan has set in motion: one more that finds nothing to do.
    await policy.scan();
    const before = operatorRequests(cluster.plane).length;
    const cpu = cpuSecondsOf(operator.pid);
    const startedAt = performance.now();
    for (let scans = 0; scans < rescans; scans++) await policy.scan();
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuSeconds = cpuSecondsOf(operator.pid) - cpu;
    const since = () => operatorRequests(cluster.plane).slice(before);
    await until("the audit log", async () => since().filter(isStatusPatch).length >= rescans);
    const events = since();
    const writes = Object.groupBy(events.filter(isWrite), nameOf);
    for (const [name, list = []] of Object.entries(writes)) say(`${list.length} × ${name}`);
    const count = (name: string) => writes[name]?.length ?? 0;
    const patches = count("patch policies/status");
    const renewals = count("update leases") + count("patch leases");
    const all = events.filter(isWrite).length;
    return [
      figure("live objects", objects, "objects"),
      figure("rescans", rescans, "scans"),
      figure("wall", seconds, "s"),
      figure("CPU", cpuSeconds, "s"),
      exactly("Policy status patches", patches, "writes", rescans),
      atMost("Lease renewals", renewals, "writes", Math.ceil(seconds / leaseEverySeconds) + 1),
      exactly("other writes", all - patches - renewals, "writes", 0),
      figure("reads", events.length - all, "requests"),
    ];
  },
};

function isStatusPatch(event: Parameters<typeof nameOf>[0]): boolean {
  return nameOf(event) === "patch policies/status";
}
