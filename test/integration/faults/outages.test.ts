import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, test } from "vitest";
import { useBench } from "../operator/bench.ts";
import { CuttableProxy } from "./cuttable-proxy.ts";
import { Kubelet } from "./kubelet.ts";
import { duration, rounds } from "./length.ts";
import { MovingMetric } from "./moving-metric.ts";
import { Ordeal } from "./ordeal.ts";

// One after the other: each takes away what the others would need.
const bench = useBench({ operator: false });

/** After a long outage the API server waits for up to two minutes before it tries to reach etcd again, and each of its resources by itself. */
const patience = { timeoutMs: duration({ shortMs: 90_000, soakMs: 300_000 }) };

let proxy: CuttableProxy;
let kubelet: Kubelet;

beforeAll(async () => {
  const { plane, operatorKubeconfig } = bench;
  proxy = await CuttableProxy.start(plane.apiServer.port);
  const kubeconfig = join(plane.dir, "kubeconfigs", "through-the-proxy");
  writeFileSync(kubeconfig, readFileSync(operatorKubeconfig, "utf8").replace(plane.server, proxy.url), { mode: 0o600 });
  kubelet = await Kubelet.keep(bench, 2, { kubeconfig });
});

afterAll(async () => {
  await kubelet?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await kubelet.leader(patience.timeoutMs);
}, 2 * patience.timeoutMs);

const replicas = () => kubelet.replicas;

test('an API server that is stopped and started again is waited for, shown by pawl_watch_restarts_total{reason="error"}', {
  timeout: duration({ shortMs: 180_000, soakMs: 900_000 }),
}, async ({ task }) => {
  const ordeal = await Ordeal.begin(bench, "stopped");
  await using moving = new MovingMetric(task.name, replicas);
  for (const { strikesAfterMs } of rounds()) {
    await ordeal.change();
    await delay(strikesAfterMs);
    await bench.plane.apiServer.kill();
    const meanwhile = ordeal.change();
    await delay(duration({ shortMs: 0, soakMs: 60_000 }));
    await bench.plane.apiServer.start();
    await meanwhile;
  }
  await ordeal.holds(patience);
  moving.assertMoved();
});

test("an etcd that is stopped and started again is waited for, shown by pawl_watch_restarts_total", {
  timeout: duration({ shortMs: 180_000, soakMs: 900_000 }),
}, async ({ task }) => {
  const ordeal = await Ordeal.begin(bench, "storeless");
  await using moving = new MovingMetric(task.name, replicas);
  for (const { strikesAfterMs } of rounds()) {
    await ordeal.change();
    await delay(strikesAfterMs);
    await bench.plane.etcd.kill();
    const meanwhile = ordeal.change();
    await delay(duration({ shortMs: 3_000, soakMs: 60_000 }));
    await bench.plane.etcd.start();
    await meanwhile;
  }
  await ordeal.holds(patience);
  moving.assertMoved();
});

test("a network that parts all replicas from the API server makes the leader end and one lead again, shown by pawl_leader", {
  timeout: duration({ shortMs: 180_000, soakMs: 1_800_000 }),
}, async ({ task }) => {
  const ordeal = await Ordeal.begin(bench, "parted");
  await using moving = new MovingMetric(task.name, replicas);
  for (const { strikesAfterMs } of rounds()) {
    await ordeal.change();
    await delay(strikesAfterMs);
    proxy.cut();
    await ordeal.change();
    await delay(duration({ shortMs: 12_000, soakMs: 240_000 }));
    proxy.mend();
    await ordeal.change();
  }
  await ordeal.holds(patience);
  moving.assertMoved();
});
