import { describe, expect, it } from "vitest";
import { identityOf } from "../../../src/kube/object.ts";
import { ApiClient, type ControlPlane } from "../../../tools/control-plane/index.ts";
import { RecordingConsumer, reflect, stateOf } from "../../kube/fake-cluster.ts";
import { startIsolatedControlPlane, waitFor } from "../cluster.ts";
import { CONFIG_MAP, configMap, connect } from "./real-cluster.ts";

const COLLECTION = "/api/v1/namespaces/default/configmaps";

/** The consumer believes what a fresh list says. */
async function converged(admin: ApiClient, consumer: RecordingConsumer): Promise<void> {
  await waitFor(
    async () => {
      const { items } = await admin.request<{ items: Record<string, unknown>[] }>("GET", "/api/v1/configmaps");
      return consumer.stale === null && consumer.state.join() === stateOf(items).join();
    },
    { describe: "the consumer to believe what a fresh list says", timeoutMs: 60_000, everyMs: 200 },
  );
}

const write = (admin: ApiClient, name: string): Promise<unknown> =>
  admin.request("POST", COLLECTION, configMap("default", name));

async function withPlane(
  flags: readonly string[],
  test: (plane: ControlPlane, admin: ApiClient) => Promise<void>,
): Promise<void> {
  await using plane = await startIsolatedControlPlane({
    controllerManager: false,
    apiServerFlags: flags,
    onLog: () => undefined,
  });
  await using admin = new ApiClient(plane.admin);
  await test(plane, admin);
}

describe("a reflector outlives", () => {
  it("API server and etcd being stopped, killed, paused and started again", () =>
    withPlane([], async (plane, admin) => {
      await using connection = await connect(plane.kubeconfig);
      const consumer = new RecordingConsumer();
      const timing = { backoffCapMs: 500, silenceMs: 3_000 };
      await using running = reflect(connection.client, consumer, { type: CONFIG_MAP, timing });
      await write(admin, "before");
      await converged(admin, consumer);

      await plane.apiServer.kill();
      await waitFor(() => consumer.stale !== null, { describe: "the state to be stale" });
      await plane.apiServer.start();
      await admin.request("DELETE", `${COLLECTION}/before`);
      await write(admin, "after-kill");
      await converged(admin, consumer);
      expect([...consumer.objects.values()].map((object) => identityOf(object).name)).not.toContain("before");

      await plane.apiServer.pause();
      const silent = running.restarts.length;
      await waitFor(() => running.restarts.slice(silent).includes("silent"), { describe: "the silence to be noticed" });
      await plane.apiServer.resume();
      await write(admin, "after-pause");
      await converged(admin, consumer);

      await plane.etcd.kill();
      await plane.etcd.start();
      await waitFor(() => write(admin, "after-etcd"), {
        describe: "the API server to accept writes",
        timeoutMs: 60_000,
      });
      await converged(admin, consumer);
    }));

  it("a server that knows no WatchList, which is read in pages", () =>
    withPlane(["--feature-gates=WatchList=false"], async (plane, admin) => {
      await using connection = await connect(plane.kubeconfig);
      const consumer = new RecordingConsumer();
      for (let i = 0; i < 3; i++) await write(admin, `cm-${i}`);
      await using running = reflect(connection.client, consumer, { type: CONFIG_MAP });
      await converged(admin, consumer);
      await write(admin, "late");
      await converged(admin, consumer);
      await running.reflector.relist();
      await converged(admin, consumer);
      expect(consumer.stales).toEqual([]);
    }));
});
