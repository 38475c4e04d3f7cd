import { compilePolicy } from "../../src/engine/compile-policy.ts";
import { evaluate } from "../../src/engine/evaluate.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import { listAt, recordsAt, textAt, valueAt } from "../../src/engine/views/fields.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { atMost, type Bench, type BenchOptions, exactly, figure, type Measurement } from "../bench.ts";
import { type BenchCluster, startBenchCluster } from "../cluster/bench-cluster.ts";
import { OperatorProcess } from "../cluster/operator-process.ts";
import { BenchPolicy } from "../cluster/policy.ts";
import { Creator, inParallel } from "../cluster/seed.ts";
import type { Manifest } from "../population/objects.ts";

/** Each finds one thing wrong with a container that has nothing but a name and an image. */
const violatedRules = ["memory-limit", "cpu-request", "liveness-probe", "no-latest-tag", "run-as-non-root"];

const spec = {
  match: { namespaces: { include: ["debt-*", "clean-*"] } },
  rules: { packs: ["deprecation"], override: violatedRules.map((id) => ({ id, severity: "High" })) },
};

/** Workloads by namespace. Names and numbers of the clean ones are of one length, so that only workloads can make a difference. */
const workloads = { "debt-large": 4_000, "debt-small": 100, "clean-less": 100, "clean-more": 900 } as const;

type Namespace = keyof typeof workloads;

const bytesPerViolation = 256;
const largestObject = 128 * 1024;
const largestManagedFields = 1024;

/** What reports and baselines take in etcd, and whether large ones are complete. */
export const etcdBench: Bench = {
  name: "etcd",
  summary: "bytes of reports and baselines; 20,000 violations in one namespace, over the parts",
  async run({ say }: BenchOptions): Promise<readonly Measurement[]> {
    await using cluster = await startBenchCluster();
    await seed(cluster);
    say(`${Object.values(workloads).reduce((sum, count) => sum + count, 0)} workloads created`);
    await using operator = await OperatorProcess.start({ kubeconfig: cluster.kubeconfig });
    const policy = new BenchPolicy(cluster.client, "etcd");
    await policy.create(spec);
    await policy.untilScanned();
    await policy.scan();
    for (const complaint of operator.complaints()) say(complaint);

    const stored = await storedObjects(cluster);
    const of = (namespace: Namespace) => stored.filter((object) => namespaceOf(object) === namespace);
    const [large, small, few, many] = (["debt-large", "debt-small", "clean-less", "clean-more"] as const).map(of);
    if (large === undefined || small === undefined || few === undefined || many === undefined)
      throw new Error("no objects");
    const expected = await expectedIn(cluster, "debt-large");
    const reported = new Set(large.flatMap(rowsIn));
    const accepted = new Set(large.flatMap(entriesIn));
    return [
      figure("violations in one namespace", expected.size, "violations"),
      figure("objects that hold them", large.length, "objects"),
      exactly("violations missing in the report", missing(expected, reported), "violations", 0),
      exactly("rows too many in the report", missing(reported, expected), "rows", 0),
      exactly("violations missing in the baseline", missing(expected, accepted), "violations", 0),
      exactly("entries too many in the baseline", missing(accepted, expected), "entries", 0),
      atMost("bytes per violation, 20,000 in a namespace", bytesOf(large) / expected.size, "B", bytesPerViolation),
      atMost(
        "bytes per violation, 500 in a namespace",
        bytesOf(small) / (workloads["debt-small"] * violatedRules.length),
        "B",
        bytesPerViolation,
      ),
      exactly(
        "bytes per clean workload",
        (bytesOf(many) - bytesOf(few)) / (workloads["clean-more"] - workloads["clean-less"]),
        "B",
        0,
      ),
      figure("bytes for a clean namespace", bytesOf(few), "B"),
      atMost("largest object", Math.max(...stored.map((object) => JSON.stringify(object).length)), "B", largestObject),
      atMost(
        "largest managedFields",
        Math.max(...stored.map((object) => JSON.stringify(valueAt(object, "metadata", "managedFields") ?? []).length)),
        "B",
        largestManagedFields,
      ),
    ];
  },
};

async function seed({ plane }: BenchCluster): Promise<void> {
  await using creator = new Creator(plane.admin);
  for (const [namespace, count] of Object.entries(workloads)) {
    await creator.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const names = Array.from({ length: count }, (_, at) => `checkout-service-${at}`);
    await inParallel(names, async (name) => {
      await creator.create(deployment(name, namespace, namespace.startsWith("clean-")));
    });
  }
}

/** Everything that is kept of the ledgers, as the API server stores it. */
async function storedObjects({ client }: BenchCluster): Promise<readonly KubeObject[]> {
  const kinds = ["scanreports", "scanreportparts", "baselines"];
  const lists = await Promise.all(
    kinds.map((kind) => client.request<{ items: KubeObject[] }>("GET", `/apis/pawl.dev/v1alpha1/${kind}`)),
  );
  return lists.flatMap(({ items }) => items);
}

/** What the engine finds in the objects as they are read back, as `ref rule path`. */
async function expectedIn({ client }: BenchCluster, namespace: Namespace): Promise<ReadonlySet<string>> {
  const compiled = compilePolicy({ metadata: { name: "etcd" }, spec }, createRegistry(rules), {
    release: newestRelease,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { items } = await client.request<{ items: KubeObject[] }>("GET", path, undefined, { timeoutMs: 60_000 });
  const { policies } = evaluate({
    objects: items.map((item) => ({ apiVersion: "apps/v1", kind: "Deployment", ...item })),
    policies: [compiled.policy],
    context: { namespaceLabels: () => new Map() },
  });
  const violations = policies.get("etcd")?.violations ?? [];
  return new Set(
    violations.map(({ resource, violation }) => `${resourceRef(resource)} ${violation.rule} ${violation.path}`),
  );
}

function rowsIn(object: KubeObject): readonly string[] {
  return recordsAt(object, "violating").flatMap((resource) => placesIn(resource, "rows"));
}

function entriesIn(object: KubeObject): readonly string[] {
  return recordsAt(object, "resources").flatMap((resource) => placesIn(resource, "entries"));
}

function placesIn(resource: object, list: string): readonly string[] {
  return recordsAt(resource, list).map(
    (place) => `${textAt(resource, "ref")} ${textAt(place, "rule")} ${textAt(place, "path")}`,
  );
}

function missing(wanted: ReadonlySet<string>, there: ReadonlySet<string>): number {
  return wanted.difference(there).size;
}

/** As the promise counts: without the transitions and the history that a report shows beside its violations. */
function bytesOf(objects: readonly KubeObject[]): number {
  const counted = objects.map((object) => ({
    ...object,
    ...(listAt(object, "changes").length > 0 ? { changes: [] } : {}),
    ...(listAt(object, "history").length > 0 ? { history: [] } : {}),
  }));
  return counted.reduce((sum, object) => sum + Buffer.byteLength(JSON.stringify(object)), 0);
}

/** A Baseline has no namespace, but names the one that it is about. */
function namespaceOf(object: KubeObject): string {
  return textAt(object, "metadata", "namespace") ?? textAt(object, "namespace") ?? "";
}

function deployment(name: string, namespace: string, isClean: boolean): Manifest {
  const clean = {
    image: "registry.example.com/shop/checkout-service:4.17.2",
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    livenessProbe: { httpGet: { path: "/healthz", port: 8080 } },
    securityContext: { runAsNonRoot: true },
  };
  const bad = { image: "registry.example.com/shop/checkout-service:latest" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "checkout-service", ...(isClean ? clean : bad) }] },
      },
    },
  };
}
