import { describe, expect, it } from "vitest";
import { metricTable } from "../../src/telemetry/metric-table.ts";
import { createMetrics, type Metrics } from "../../src/telemetry/metrics.ts";
import { parseExposition, type Sample } from "./parse-exposition.ts";

const options = { version: "1.2.3", cluster: "blue" };

async function textOf(metrics: Metrics): Promise<string> {
  return (await Array.fromAsync(metrics.exposition())).join("");
}

async function samplesOf(metrics: Metrics, name: string): Promise<Pick<Sample, "labels" | "value">[]> {
  const samples = parseExposition(await textOf(metrics)).filter((sample) => sample.name === name);
  return samples.map(({ labels, value }) => ({ labels, value }));
}

function leading(seriesCap?: number): Metrics {
  const metrics = createMetrics({ ...options, ...(seriesCap === undefined ? {} : { seriesCap }) });
  metrics.setLeader(true);
  return metrics;
}

describe("the table of metrics", () => {
  const definitions = Object.values(metricTable);

  it("is what a leader exposes: name, kind and help of every one of them, and no other pawl metric", async () => {
    const text = await textOf(leading());
    const exposed = [...text.matchAll(/^# HELP (pawl_\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(([, name, help, kind]) => ({
      name,
      help,
      kind,
    }));
    const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
      (a.name ?? "") < (b.name ?? "") ? -1 : 1;
    expect(exposed.toSorted(byName)).toEqual(
      definitions.map(({ name, help, kind }) => ({ name, help, kind })).toSorted(byName),
    );
  });

  it("names counters, and only them, with _total", () => {
    for (const { name, kind } of definitions)
      expect([name, name.endsWith("_total")]).toEqual([name, kind === "counter"]);
  });

  it("has no label that could hold the name of a resource", () => {
    const labels = new Set(definitions.flatMap((definition): readonly string[] => definition.labels));
    expect([...labels].toSorted()).toEqual([
      "cluster",
      "kind",
      "namespace",
      "outcome",
      "owner",
      "policy",
      "reason",
      "rule",
      "severity",
      "sink",
      "state",
      "subscription",
      "version",
    ]);
  });
});

describe("the metrics", () => {
  it("expose the process and the build, in a format that parses", async () => {
    const metrics = leading();
    expect(await samplesOf(metrics, "pawl_build_info")).toEqual([
      { labels: { version: "1.2.3", cluster: "blue" }, value: 1 },
    ]);
    const names = new Set(parseExposition(await textOf(metrics)).map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining([
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "nodejs_eventloop_lag_seconds",
      ]),
    );
    expect(metrics.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("count, set and observe", async () => {
    const metrics = leading();
    metrics.violationsFound.increment({ policy: "p", severity: "high" });
    metrics.violationsFound.increment({ policy: "p", severity: "high" }, 3);
    metrics.violationsFound.increment({ policy: "p", severity: "low" }, 0);
    metrics.resources.set({ policy: "p" }, 41);
    metrics.resources.set({ policy: "p" }, 40);
    metrics.scanDuration.observe({}, 3);

    expect(await samplesOf(metrics, "pawl_violations_found_total")).toEqual([
      { labels: { policy: "p", severity: "high" }, value: 4 },
      { labels: { policy: "p", severity: "low" }, value: 0 },
    ]);
    expect(await samplesOf(metrics, "pawl_resources")).toEqual([{ labels: { policy: "p" }, value: 40 }]);
    const buckets = await samplesOf(metrics, "pawl_scan_duration_seconds_bucket");
    expect(buckets.filter(({ value }) => value === 1).map(({ labels }) => labels.le)).toEqual([
      "5",
      "10",
      "30",
      "60",
      "120",
      "300",
      "+Inf",
    ]);
  });

  it("of two instances do not mix", async () => {
    const [one, two] = [leading(), leading()];
    one.eventsEmitted.increment({}, 5);
    expect(await samplesOf(two, "pawl_events_emitted_total")).toEqual([{ labels: {}, value: 0 }]);
  });

  it("about the state of the cluster are exposed by the leader only", async () => {
    const metrics = createMetrics(options);
    metrics.score.set({ policy: "p" }, 63);
    metrics.violationSeries.set("p", "shop", [{ severity: "High", state: "New", count: 2 }]);
    metrics.violationsFound.increment({ policy: "p", severity: "high" });
    const leaderOnly = Object.values(metricTable).filter((definition) => "leaderOnly" in definition);

    const asStandby = await textOf(metrics);
    metrics.setLeader(true);
    const asLeader = await textOf(metrics);
    metrics.setLeader(false);
    const asDeposed = await textOf(metrics);

    expect(asLeader).toContain('pawl_score{policy="p"} 63');
    expect(asLeader).toContain('pawl_violations{policy="p",namespace="shop",severity="high",state="new"} 2');
    for (const text of [asStandby, asDeposed]) {
      for (const { name } of leaderOnly) expect(text.includes(`# HELP ${name} `)).toBe(false);
      expect(text).toContain('pawl_violations_found_total{policy="p",severity="high"} 1');
    }
    expect([asStandby, asLeader, asDeposed].map((text) => /^pawl_leader (\d)$/m.exec(text)?.[1])).toEqual([
      "0",
      "1",
      "0",
    ]);
  });

  it("say how many violation series gave way", async () => {
    const metrics = leading(24);
    for (const namespace of ["a", "b", "c", "d"]) metrics.violationSeries.set("p", namespace, []);
    expect(await samplesOf(metrics, "pawl_series_dropped")).toEqual([{ labels: {}, value: 16 }]);
    metrics.violationSeries.remove("p", "d");
    expect(await samplesOf(metrics, "pawl_series_dropped")).toEqual([{ labels: {}, value: 0 }]);
  });

  it("forget a policy that is gone, and nothing else", async () => {
    const metrics = leading();
    for (const policy of ["gone", "stays"]) {
      metrics.score.set({ policy }, 50);
      for (const severity of ["high", "low"]) metrics.violationsFound.increment({ policy, severity });
      metrics.violationSeries.set(policy, "shop", []);
    }
    metrics.watchLastActivity.set({ kind: "gone" }, 1);
    metrics.forget("policy", "gone");

    const text = await textOf(metrics);
    expect(text).not.toContain('policy="gone"');
    expect(text.match(/policy="stays"/g)).toHaveLength(1 + 2 + 8);
    expect(text).toContain('kind="gone"');
  });

  it("forget a kind that is no longer watched, and start anew when it is again", async () => {
    const metrics = leading();
    metrics.watchRestarts.increment({ kind: "Deployment.apps", reason: "closed" }, 4);
    metrics.watchRestarts.increment({ kind: "Pod", reason: "closed" }, 2);
    metrics.forget("kind", "Deployment.apps");
    expect(await samplesOf(metrics, "pawl_watch_restarts_total")).toEqual([
      { labels: { kind: "Pod", reason: "closed" }, value: 2 },
    ]);
    metrics.watchRestarts.increment({ kind: "Deployment.apps", reason: "closed" });
    metrics.forget("kind", "Pod");
    expect(await samplesOf(metrics, "pawl_watch_restarts_total")).toEqual([
      { labels: { kind: "Deployment.apps", reason: "closed" }, value: 1 },
    ]);
  });
});
