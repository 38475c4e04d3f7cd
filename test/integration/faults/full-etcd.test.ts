import { expect, test } from "vitest";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import { ApiStatusError } from "../../../tools/control-plane/index.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { configMap } from "../operator/objects.ts";
import { Etcd } from "./etcd.ts";
import { Kubelet } from "./kubelet.ts";
import { MovingMetric } from "./moving-metric.ts";
import { Ordeal } from "./ordeal.ts";

const quotaBytes = 32 * 1024 * 1024;
const bench = useBench({ operator: false, etcdFlags: [`--quota-backend-bytes=${quotaBytes}`] });

test("an etcd that is full takes no writes, and the leader ends until there is room again, shown by pawl_leader", {
  timeout: 240_000,
}, async ({ task }) => {
  await using kubelet = await Kubelet.keep(bench, 2);
  const ordeal = await Ordeal.begin(bench, "full");
  await ordeal.change();
  await ordeal.holds();
  await using moving = new MovingMetric(task.name, () => kubelet.replicas);
  const etcd = new Etcd(bench.plane.etcd.port);
  const filler = await bench.namespace("filler");

  await fill(filler);
  expect(await etcd.alarms()).toEqual(["NOSPACE"]);
  const meanwhile = ordeal.change();
  await waitFor(() => kubelet.endings.length > 0, { describe: "the leader to give up", timeoutMs: 60_000 });
  expect(kubelet.endings).toEqual([{ code: exitCodes.incomplete, signal: null }]);

  await bench.request("DELETE", `/api/v1/namespaces/${filler}/configmaps`);
  await etcd.makeRoom();
  expect(await etcd.alarms()).toEqual([]);
  await meanwhile;
  await ordeal.holds({ timeoutMs: 90_000 });
  moving.assertMoved();
});

/** Writes until etcd says that it is full. */
async function fill(namespace: string): Promise<void> {
  const data = { padding: "x".repeat(900_000) };
  for (let i = 0; i < 2 * Math.ceil(quotaBytes / 900_000); i++) {
    try {
      await bench.create(configMap(namespace, `filler-${i}`, data));
    } catch (error) {
      if (error instanceof ApiStatusError && error.message.includes("space exceeded")) return;
      throw error;
    }
  }
  throw new Error(`etcd is not full after more than ${quotaBytes} bytes`);
}
