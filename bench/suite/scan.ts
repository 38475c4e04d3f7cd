import { collectionPath } from "../../src/kube/api-type.ts";
import { select } from "../../tools/demo/metrics.ts";
import { atMost, type Bench, type BenchOptions, figure, type Measurement } from "../bench.ts";
import { type BenchCluster, startBenchCluster } from "../cluster/bench-cluster.ts";
import { connect } from "../cluster/connection.ts";
import { FloorProcess } from "../cluster/floor-process.ts";
import { kubectlRaw } from "../cluster/kubectl-raw.ts";
import { OperatorProcess } from "../cluster/operator-process.ts";
import { BenchPolicy } from "../cluster/policy.ts";
import { cpuSecondsOf, forgetPeakOf, peakResidentOf } from "../cluster/process-usage.ts";
import { seedCluster } from "../cluster/seed.ts";
import { Slices } from "../cluster/slices.ts";
import { median } from "../statistics.ts";

const defaultObjects = 20_000;
const rescans = 10;
const kubectlRuns = 3;

/** What a full scan costs beside merely reading the same objects, and what it holds in memory. */
export const scanBench: Bench = {
  name: "scan",
  summary: "full scans of a live cluster by the recommended pack, beside reading the same and dropping it",
  async run({ objects: wanted = defaultObjects, seed, say }: BenchOptions): Promise<readonly Measurement[]> {
    await using cluster = await startBenchCluster();
    const { objects } = await seedCluster({ admin: cluster.plane.admin, objects: wanted, seed, say });
    const policy = new BenchPolicy(cluster.client, "recommended");
    const cost = await measureCost(cluster, policy, say);
    const slices = await measureSlices(cluster, policy);
    const { summary, coverage } = await policy.status();
    const rescan = median(cost.rounds.map(({ rescan }) => rescan.cpuSeconds));
    const floor = median(cost.rounds.map(({ floor }) => floor.cpuSeconds));
    const kubectl = median(cost.kubectl.map(({ cpuSeconds }) => cpuSeconds));
    const peaks = cost.rounds.map(({ peak }) => peak);
    const later = Math.max(...peaks.slice(5, 10));
    const earlier = Math.max(...peaks.slice(1, 5));
    return [
      figure("live objects", objects, "objects"),
      figure("objects read by a scan", cost.rounds[0]?.floor.objects ?? 0, "objects"),
      figure("resources judged", summary?.resources ?? 0, "resources"),
      figure("violations", (summary?.known ?? 0) + (summary?.new ?? 0), "violations"),
      figure("coverage", coverage?.percent ?? 0, "%"),
      figure("first scan with baselines, CPU", cost.first.cpuSeconds, "s"),
      figure("first scan with baselines, wall", cost.first.wallSeconds, "s"),
      figure("rescan, CPU (median of 10)", rescan, "s"),
      figure("rescan, wall", median(cost.rounds.map((round) => round.rescan.wallSeconds)), "s"),
      figure("floor, CPU (median of 10)", floor, "s"),
      figure("floor, wall", median(cost.rounds.map((round) => round.floor.wallSeconds)), "s"),
      figure(`kubectl get --raw, CPU (median of ${kubectlRuns})`, kubectl, "s"),
      figure("kubectl get --raw, wall", median(cost.kubectl.map(({ wallSeconds }) => wallSeconds)), "s"),
      atMost("rescan / floor, CPU", rescan / floor, "×", 1.5),
      atMost("floor / kubectl get --raw, CPU", floor / kubectl, "×", 1.5),
      figure("RSS before the first scan", cost.before, "MiB"),
      atMost("RSS, peak of all", Math.max(cost.first.peak, ...peaks), "MiB", wanted > defaultObjects ? 400 : 200),
      atMost("RSS, rescans 6–10 / rescans 2–5", later / earlier, "×", 1.05),
      atMost("longest slice, first scan of a policy, CPU", slices.first, "ms", 50),
      atMost("longest slice, rescans, CPU", slices.rescans, "ms", 50),
    ];
  },
};

interface Usage {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** MiB. */
  readonly peak: number;
}

/** Ten rescans, each beside a floor of the same moment, so that a busy machine is busy for both. */
async function measureCost({ kubeconfig, plane }: BenchCluster, policy: BenchPolicy, say: (line: string) => void) {
  await using operator = await OperatorProcess.start({ kubeconfig });
  const { pid } = operator;
  const before = peakResidentOf(pid);
  const first = await usageOf(pid, async () => {
    await policy.create();
    await policy.untilScanned();
  });
  say(`first scan: ${JSON.stringify(first)}`);
  const kinds = [
    ...new Set(select(await operator.metrics(), "pawl_scan_objects").map(({ labels }) => labels.kind ?? "")),
  ];
  await using connection = await connect(kubeconfig);
  const paths = kinds.flatMap((kind) => {
    const type = connection.types.get(kind);
    return type === undefined ? [] : [collectionPath(type, "")];
  });
  using floors = await FloorProcess.start(kubeconfig, kinds);
  await floors.pass();
  const rounds = [];
  const kubectl = [];
  for (let round = 0; round < rescans; round++) {
    const floor = await floors.pass();
    const rescan = await usageOf(pid, () => policy.scan());
    rounds.push({ floor, rescan, peak: rescan.peak });
    if (round < kubectlRuns) kubectl.push(await kubectlRaw(plane, paths));
    say(`rescan ${round + 1}: ${JSON.stringify(rescan)}, floor: ${JSON.stringify(floor)}`);
  }
  for (const complaint of operator.complaints()) say(complaint);
  return { before, first, rounds, kubectl };
}

/** In a process of its own, because the probe costs CPU too. */
async function measureSlices({ kubeconfig, client }: BenchCluster, policy: BenchPolicy) {
  using slices = new Slices();
  await using operator = await OperatorProcess.start({ kubeconfig, nodeFlags: [slices.flag] });
  await policy.scan();
  await slices.longest(operator.pid);
  const second = new BenchPolicy(client, "second");
  await second.create();
  await second.untilScanned();
  const first = await slices.longest(operator.pid);
  for (let round = 0; round < 3; round++) await policy.scan();
  return { first, rescans: await slices.longest(operator.pid) };
}

async function usageOf(pid: number, work: () => Promise<void>): Promise<Usage> {
  forgetPeakOf(pid);
  const cpu = cpuSecondsOf(pid);
  const startedAt = performance.now();
  await work();
  const wallSeconds = (performance.now() - startedAt) / 1000;
  return { cpuSeconds: cpuSecondsOf(pid) - cpu, wallSeconds, peak: peakResidentOf(pid) };
}
