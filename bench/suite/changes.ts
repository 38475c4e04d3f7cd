import { setTimeout as delay } from "node:timers/promises";
import { recordsAt, textAt } from "../../src/engine/views/fields.ts";
import type { ApiType } from "../../src/kube/api-type.ts";
import type { RawObject } from "../../src/kube/object.ts";
import { select, total } from "../../tools/demo/metrics.ts";
import { atMost, type Bench, type BenchOptions, exactly, figure, type Measurement } from "../bench.ts";
import { startBenchCluster } from "../cluster/bench-cluster.ts";
import { type Connection, connect } from "../cluster/connection.ts";
import { OperatorProcess } from "../cluster/operator-process.ts";
import { BenchPolicy } from "../cluster/policy.ts";
import { cpuSecondsOf } from "../cluster/process-usage.ts";
import { Creator } from "../cluster/seed.ts";
import { Sightings, watchAll } from "../cluster/sightings.ts";
import { until } from "../cluster/until.ts";
import type { Manifest } from "../population/objects.ts";
import { percentile } from "../statistics.ts";

const namespaces = Array.from({ length: 20 }, (_, at) => `change-${at}`);

/** Healthy workloads that each namespace has from the beginning. */
const healthy = 25;

/** First as many transitions as Events are promised for, then as many changes as reports are. */
const calm = { changes: 50, everyMs: 1_200 };
const busy = { changes: 1_200, everyMs: 50 };

const scrapeEveryMs = 100;
const withinMs = 2_000;
const largestReport = 32 * 1024;

const reportType: ApiType = {
  group: "pawl.dev",
  version: "v1alpha1",
  kind: "ScanReport",
  plural: "scanreports",
  namespaced: true,
};
const eventType: ApiType = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
};

/** One rule, so that a change is one violation whatever packs hold one day. */
const spec = { rules: { packs: ["deprecation"], override: [{ id: "memory-limit", severity: "High" }] } };

/** How long after a change the report, the metric and the Event show it. */
export const changesBench: Bench = {
  name: "changes",
  summary: "20 changes a second in 20 namespaces, until report and metric show each; 50 a minute, until an Event does",
  async run({ say }: BenchOptions): Promise<readonly Measurement[]> {
    await using cluster = await startBenchCluster();
    await using creator = new Creator(cluster.plane.admin);
    for (const namespace of namespaces) {
      await creator.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      await Promise.all(
        Array.from({ length: healthy }, (_, at) => creator.create(deployment(`ok-${at}`, namespace, true))),
      );
    }
    await using operator = await OperatorProcess.start({ kubeconfig: cluster.kubeconfig });
    const policy = new BenchPolicy(cluster.client, "changes");
    await policy.create(spec);
    await policy.untilScanned();
    await using connection = await connect(cluster.plane.kubeconfig);
    await using watching = new Watching(connection, operator);

    const told = await changeAll(creator, "calm", calm);
    await settled("an Event for every transition", watching.events, told);
    say(`${calm.changes} changes in a minute: seen`);

    const cpu = cpuSecondsOf(operator.pid);
    const written = total(await operator.metrics(), "pawl_report_writes_total");
    const startedAt = performance.now();
    const changes = await changeAll(creator, "busy", busy);
    await settled("every change in a report", watching.reports, changes);
    await settled("every change in the metric", watching.metric, changes);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuSeconds = cpuSecondsOf(operator.pid) - cpu;
    const writes = total(await operator.metrics(), "pawl_report_writes_total") - written;
    watching.throwIfFailed();

    const toEvent = delays(told, watching.events);
    const toReport = delays(changes, watching.reports);
    const toMetric = delays(changes, watching.metric);
    return [
      figure("changes a second", busy.changes / seconds, "1/s"),
      figure("writes of reports a second", writes / seconds, "1/s"),
      figure(
        "change → answer of the API server, p99",
        percentile(
          [...changes.values()].map(({ answerMs }) => answerMs),
          0.99,
        ),
        "ms",
      ),
      figure("operator, CPU of one core", (100 * cpuSeconds) / seconds, "%"),
      atMost("largest report", watching.largestReport, "B", largestReport),
      exactly("changes without a report", changes.size - toReport.length, "changes", 0),
      exactly("changes without the metric", changes.size - toMetric.length, "changes", 0),
      exactly("transitions without an Event", told.size - toEvent.length, "transitions", 0),
      figure("change → report, median", percentile(toReport, 0.5), "ms"),
      atMost("change → report, p99", percentile(toReport, 0.99), "ms", withinMs),
      figure("change → metric, median", percentile(toMetric, 0.5), "ms"),
      atMost("change → metric, p99", percentile(toMetric, 0.99), "ms", withinMs),
      figure("change → Event, median", percentile(toEvent, 0.5), "ms"),
      atMost("change → Event, p99", percentile(toEvent, 0.99), "ms", withinMs),
    ];
  },
};

/** Changes by `namespace/name`: when each was sent, and how long the API server took to answer. */
type Changes = ReadonlyMap<string, { readonly sentAt: number; readonly answerMs: number }>;

/** Deploys something bad at a steady pace, whether or not the ones before have been answered; resolves when all have. */
async function changeAll(
  creator: Creator,
  prefix: string,
  { changes, everyMs }: { readonly changes: number; readonly everyMs: number },
): Promise<Changes> {
  const sent = new Map<string, { sentAt: number; answerMs: number }>();
  const answers: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let at = 0; at < changes; at++) {
    await delay(Math.max(0, startedAt + at * everyMs - performance.now()));
    const namespace = namespaces[at % namespaces.length] ?? "";
    const name = `${prefix}-${at}`;
    const change = { sentAt: performance.now(), answerMs: 0 };
    sent.set(`${namespace}/${name}`, change);
    answers.push(
      creator.create(deployment(name, namespace, false)).then(() => {
        change.answerMs = performance.now() - change.sentAt;
      }),
    );
  }
  await Promise.all(answers);
  return sent;
}

async function settled(what: string, seen: Sightings, changes: Changes): Promise<void> {
  const all = [...changes.keys()];
  await until(what, async () => all.every((name) => seen.at(name) !== undefined), { withinMs: 30_000 });
}

function delays(changes: Changes, seen: Sightings): readonly number[] {
  return [...changes].flatMap(([name, { sentAt }]) => {
    const seenAt = seen.at(name);
    return seenAt === undefined ? [] : [seenAt - sentAt];
  });
}

/** What a user of the cluster sees: reports and Events by a watch, the metric by scraping it. */
class Watching implements AsyncDisposable {
  readonly reports = new Sightings();
  readonly events = new Sightings();
  readonly metric = new Sightings();
  largestReport = 0;
  /** Changes of each namespace in the order in which the report showed them. */
  readonly #order = new Map<string, string[]>();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #failure: unknown;

  constructor(connection: Connection, operator: OperatorProcess) {
    const { signal } = this.#stop;
    this.#running = Promise.all([
      watchAll(connection, reportType, signal, (report) => this.#sawReport(report)),
      watchAll(connection, eventType, signal, (event) => this.#sawEvent(event)),
      this.#scrape(operator),
    ]).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #sawReport(report: RawObject): void {
    const namespace = textAt(report, "metadata", "namespace") ?? "";
    this.largestReport = Math.max(this.largestReport, JSON.stringify(report).length);
    for (const one of recordsAt(report, "violating")) {
      const name = `${namespace}/${(textAt(one, "ref") ?? "").split("/")[1]}`;
      if (this.reports.at(name) === undefined) this.#orderOf(namespace).push(name);
      this.reports.see(name);
    }
  }

  #sawEvent(event: RawObject): void {
    if (textAt(event, "reason") !== "ViolationFound") return;
    this.events.see(`${textAt(event, "regarding", "namespace")}/${textAt(event, "regarding", "name")}`);
  }

  /** The gauge counts: once it has come to n, those that the report showed as the first n are in it. */
  async #scrape(operator: OperatorProcess): Promise<void> {
    const counted = new Map<string, number>();
    while (!this.#stop.signal.aborted) {
      const samples = select(await operator.metrics(), "pawl_violations", { state: "new" });
      for (const namespace of namespaces) {
        const count = select(samples, "pawl_violations", { namespace }).reduce((sum, { value }) => sum + value, 0);
        const before = counted.get(namespace) ?? 0;
        const order = this.#orderOf(namespace);
        const known = Math.min(count, order.length);
        for (const name of order.slice(before, known)) this.metric.see(name);
        counted.set(namespace, known);
      }
      await delay(scrapeEveryMs);
    }
  }

  #orderOf(namespace: string): string[] {
    const order = this.#order.get(namespace) ?? [];
    this.#order.set(namespace, order);
    return order;
  }
}

function deployment(name: string, namespace: string, isHealthy: boolean): Manifest {
  const resources = isHealthy ? { limits: { memory: "64Mi" } } : {};
  const containers = [{ name: "app", image: "registry.example.com/shop/app:1.0", resources }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
    },
  };
}
