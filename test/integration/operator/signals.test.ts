import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type MetricDefinition, metricTable } from "../../../src/telemetry/metric-table.ts";
import { type Sample, select } from "../../../tools/demo/metrics.ts";
import { KubectlError, kubectl, waitFor } from "../cluster.ts";
import { useBench } from "./bench.ts";
import type { Judged } from "./judged.ts";
import { configMap, deployment } from "./objects.ts";
import { setScene } from "./scene.ts";

// Each test goes on where the one before left off; the last but one ends the operator. One replica, so that no Lease runs out
// while the API server is down.
const bench = useBench({ audit: true, flags: ["--leader-elect=false", "--log-level=debug", "--cluster-name=blue"] });

const definitions: readonly MetricDefinition[] = Object.values(metricTable);

describe("the metrics of a leader", () => {
  let namespace: string;
  let judged: Judged;
  let samples: readonly Sample[];

  const value = (name: `pawl_${string}`, labels: Readonly<Record<string, string>> = {}) => {
    const found = select(samples, name, labels);
    expect(found, `${name} ${JSON.stringify(labels)}`).toHaveLength(1);
    return found[0]?.value;
  };

  test("are all there, each with its labels and no other", async () => {
    ({ namespace, judged } = await setScene(bench, {
      prefix: "measured",
      before: (within) => [
        deployment({ name: "web", namespace: within }),
        deployment({ name: "api", namespace: within }),
      ],
    }));
    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilEvents(namespace, [expect.stringContaining("Deployment/worse New: memory-limit at ")]);
    await judged.scan();
    await bench.apply({
      apiVersion: "pawl.dev/v1alpha1",
      kind: "ReportSubscription",
      metadata: { name: "measured" },
      spec: {
        // Without a Secret, and with nobody at that port.
        sink: { email: { host: "127.0.0.1", port: 9, tls: "None", from: "a@example.com", to: ["b@example.com"] } },
        digest: { schedule: "@monthly" },
      },
    });
    samples = await waitFor(() => bench.operator.metrics(), {
      describe: "the subscription in the metrics",
      until: (seen) => select(seen, "pawl_notifications_total").length > 0,
    });

    for (const { name, kind, labels } of definitions) {
      const own = samples.filter(
        (sample) => sample.name === name || (kind === "histogram" && sample.name === `${name}_bucket`),
      );
      expect(own, name).not.toEqual([]);
      for (const sample of own)
        expect(Object.keys(sample.labels).sort(), sample.line).toEqual(
          [...labels, ...(kind === "histogram" ? ["le"] : [])].sort(),
        );
    }
    expect(select(samples, "process_cpu_seconds_total")).toHaveLength(1);
  });

  test("name no resource", () => {
    const values = new Set(samples.flatMap(({ labels }) => Object.values(labels)));
    for (const name of ["web", "api", "worse"]) expect(values).not.toContain(name);
  });

  test("count what the reports say", async () => {
    const { summary, coverage } = await judged.status();
    const policy = namespace;
    const high = { policy, severity: "high" };

    expect(value("pawl_violations", { ...high, namespace, state: "new" })).toBe(1);
    expect(value("pawl_violations", { ...high, namespace, state: "known" })).toBe(2);
    expect(value("pawl_rule_violations", { ...high, rule: "memory-limit", state: "new" })).toBe(1);
    expect(value("pawl_rule_violations", { ...high, rule: "memory-limit", state: "known" })).toBe(2);
    expect(value("pawl_owner_violations", { owner: "unowned", severity: "high", state: "new" })).toBe(1);
    expect(value("pawl_owner_violations", { owner: "unowned", severity: "high", state: "known" })).toBe(2);
    expect(value("pawl_resources", { policy })).toBe(summary?.resources);
    expect(value("pawl_score", { policy })).toBe(summary?.score);
    expect(value("pawl_baseline_entries", { policy })).toBe(2);
    expect(value("pawl_violations_found_total", high)).toBe(1);
    expect(value("pawl_violations_fixed_total", high)).toBe(0);
    expect(value("pawl_violations_found_total", { policy, severity: "low" })).toBe(0);
    expect(value("pawl_scan_coverage_ratio", { policy })).toBe((coverage?.percent ?? 0) / 100);
    expect(value("pawl_series_dropped")).toBe(0);
  });

  test("tell when what was read, and how much of it", async () => {
    const { lastScanTime = "", nextScanTime = "" } = await judged.status();
    const policy = namespace;
    const seconds = (time: string) => Date.parse(time) / 1000;

    expect(Math.floor(value("pawl_scan_last_success_timestamp_seconds", { policy }) ?? 0)).toBe(seconds(lastScanTime));
    expect(value("pawl_scan_next_timestamp_seconds", { policy })).toBe(seconds(nextScanTime));
    expect(value("pawl_scan_objects", { kind: "Deployment.apps", outcome: "judged" })).toBe(3);
    expect(value("pawl_scan_duration_seconds_count")).toBeGreaterThanOrEqual(2);
    expect(value("pawl_scan_duration_seconds_sum")).toBeLessThan(60);
    expect(value("pawl_object_evaluation_seconds_count")).toBeGreaterThanOrEqual(3);
    const active = value("pawl_watch_last_activity_timestamp_seconds", { kind: "Deployment.apps" }) ?? 0;
    expect(Math.abs(active - Date.now() / 1000)).toBeLessThan(120);
    for (const { labels } of select(samples, "pawl_watch_restarts_total")) expect(labels.reason).toMatch(/^[a-z-]+$/);
  });

  test("tell what the operator does, and who it is", async () => {
    const outcomes = select(samples, "pawl_report_writes_total").map(({ labels }) => labels.outcome);
    expect(outcomes).toEqual(expect.arrayContaining(["created", "updated"]));
    expect(value("pawl_report_writes_total", { outcome: "created" })).toBe(2);
    expect(value("pawl_events_emitted_total")).toBe(3);
    expect(value("pawl_queue_depth")).toBeGreaterThanOrEqual(0);
    expect(value("pawl_leader")).toBe(1);
    const version = readManifest().version;
    expect(value("pawl_build_info", { version, cluster: "blue" })).toBe(1);
  });

  test("are what they were after a restart", async () => {
    const policy = namespace;
    await bench.restart("SIGTERM");
    await judged.scan();
    samples = await bench.operator.metrics();

    expect(value("pawl_violations", { policy, namespace, severity: "high", state: "new" })).toBe(1);
    expect(value("pawl_baseline_entries", { policy })).toBe(2);
    const { lastScanTime = "" } = await judged.status();
    const last = value("pawl_scan_last_success_timestamp_seconds", { policy }) ?? 0;
    expect(Math.floor(last)).toBe(Date.parse(lastScanTime) / 1000);
    expect(value("pawl_violations_found_total", { policy, severity: "high" })).toBe(0);
    expect(value("pawl_events_emitted_total")).toBe(0);
  });

  test("go with their policy", async () => {
    await bench.request("DELETE", judged.path);
    await waitFor(async () => (await bench.operator.metrics()).every(({ labels }) => labels.policy !== namespace), {
      describe: `the end of all series of policy ${namespace}`,
    });
  });
});

describe("its rights", () => {
  const may = async (...question: readonly string[]) => {
    try {
      const { stdout } = await kubectl(["auth", "can-i", ...question, "--all-namespaces"], {
        kubeconfig: bench.operatorKubeconfig,
      });
      return stdout.trim();
    } catch (error) {
      if (error instanceof KubectlError) return error.stdout.trim();
      throw error;
    }
  };

  test.each([
    ["list", "secrets"],
    ["get", "secrets"],
    ["watch", "secrets"],
    ["update", "deployments.apps"],
    ["patch", "namespaces"],
    ["delete", "pods"],
    ["create", "pods"],
    ["update", "policies.pawl.dev"],
    ["impersonate", "users"],
    ["*", "*"],
  ])("do not let it %s %s", async (verb, resource) => {
    expect(await may(verb, resource)).toBe("no");
  });

  test.each([
    ["list", "deployments.apps"],
    ["watch", "policies.pawl.dev"],
    ["update", "scanreports.pawl.dev"],
    ["create", "events.events.k8s.io"],
  ])("let it %s %s", async (verb, resource) => {
    expect(await may(verb, resource)).toBe("yes");
  });

  test("are all it asks for: nothing was refused, and nothing written but its own", () => {
    // kubectl has asked in its name, too.
    const requests = bench.audited().filter(({ userAgent }) => userAgent?.startsWith("pawl/"));
    expect(requests).not.toEqual([]);
    const refused = requests.filter(({ responseStatus }) => responseStatus?.code === 403);
    const written = requests
      .filter(({ verb }) => !["get", "list", "watch"].includes(verb))
      .map(
        ({ verb, objectRef }) =>
          `${verb} ${objectRef?.resource}${objectRef?.subresource ? `/${objectRef.subresource}` : ""}`,
      );
    expect(refused).toEqual([]);
    const own =
      /^(patch (policies|reportsubscriptions)\/status|(create|update|delete) (baselines|scanreports|clusterscanreports|scanreportparts|clusterscanreportparts)|create events)$/;
    for (const write of new Set(written)) expect(write).toMatch(own);
  });
});

describe("its health", () => {
  test("is good while it works", async () => {
    expect(await bench.operator.health("healthz")).toBe(200);
    expect(await bench.operator.health("readyz")).toBe(200);
  });

  test("is not ready while the API server is down, but lives, and works again afterwards", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "outage",
      before: (within) => [deployment({ name: "web", namespace: within })],
    });
    const { pid } = bench.operator;

    await bench.plane.apiServer.kill();
    await untilReadiness(503);
    expect(await bench.operator.health("healthz")).toBe(200);
    await bench.plane.apiServer.start();

    await untilReadiness(200);
    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilCounts(namespace, { new: 1, known: 1 });
    await judged.scan();
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect(await judged.news("ScanDegraded")).toEqual([]);
    expect(bench.operator.pid).toBe(pid);
  });

  async function untilReadiness(status: number): Promise<void> {
    await waitFor(() => bench.operator.health("readyz"), {
      describe: `/readyz to answer ${status}`,
      until: (answer) => answer === status,
    });
  }
});

describe("its end", () => {
  test("comes with status 0 within 5 seconds of a SIGTERM, also while a scan is due, and leaves no child", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "end",
      before: (within) => [configMap(within, "any"), deployment({ name: "web", namespace: within })],
    });
    await bench.request(
      "PATCH",
      judged.path,
      { metadata: { annotations: { "pawl.dev/scan-requested-at": "now" } } },
      { contentType: "application/merge-patch+json" },
    );
    const children = childrenOf(bench.operator.pid);
    const startedAt = performance.now();

    const ending = await bench.operator.stop();

    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(ending).toEqual({ code: 0, signal: null });
    expect(children).toEqual([]);
    expect(await judged.rows(namespace)).toHaveLength(1);
  });

  function childrenOf(pid: number): readonly string[] {
    const { stdout } = spawnSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" });
    return stdout.split("\n").filter((line) => line.trim().startsWith(`${pid} `));
  }
});

describe("its log", () => {
  test("is one JSON object a line, with level, time and message", () => {
    const lines = readFileSync(bench.operator.logFile, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const entry: unknown = JSON.parse(line);
      expect(entry).toEqual(
        expect.objectContaining({
          level: expect.stringMatching(/^(debug|info|warn|error)$/),
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          msg: expect.any(String),
        }),
      );
    }
  });

  test("has constant messages: each stands in the source, word by word", () => {
    const root = join(import.meta.dirname, "../../..");
    const source = globSync("src/**/*.ts", { cwd: root })
      .map((file) => readFileSync(join(root, file), "utf8"))
      .join("\n");
    const messages = new Set(bench.operator.log().map(({ msg }) => msg));
    expect(messages.size).toBeGreaterThan(3);
    for (const message of messages) expect(source).toContain(`"${message}"`);
  });

  test("holds no token", () => {
    const kubeconfig = readFileSync(bench.operatorKubeconfig, "utf8");
    const [, token = ""] = /token: "?([\w.-]+)/.exec(kubeconfig) ?? [];
    expect(token.length).toBeGreaterThan(100);
    expect(readFileSync(bench.operator.logFile, "utf8")).not.toContain(token);
  });
});

function readManifest(): { readonly version: string } {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"));
}
