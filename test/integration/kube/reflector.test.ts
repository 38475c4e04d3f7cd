import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiType } from "../../../src/kube/api-type.ts";
import { discover, lookUp } from "../../../src/kube/discovery.ts";
import { identityOf, metadataOf } from "../../../src/kube/object.ts";
import { writeKubeconfig } from "../../../tools/control-plane/kubeconfig.ts";
import { RecordingConsumer, reflect } from "../../kube/fake-cluster.ts";
import { cluster, kubectl, request, uniqueName, waitFor, withNamespace } from "../cluster.ts";
import { CONFIG_MAP, type Connection, configMap, connect, serviceAccount } from "./real-cluster.ts";

let connection: Connection;

beforeAll(async () => {
  connection = await connect();
});

afterAll(async () => {
  await connection[Symbol.asyncDispose]();
});

const named = (consumer: RecordingConsumer): string[] =>
  [...consumer.objects.values()]
    .map((object) => identityOf(object).name)
    .filter((name) => name !== "kube-root-ca.crt")
    .sort();

describe("a reflector on a real API server", () => {
  it("lists by WatchList and follows what happens", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      for (const name of ["a", "b", "c"]) await client.create(CONFIG_MAP, configMap(namespace, name, { text: "ü🚢" }));
      const consumer = new RecordingConsumer();
      await using running = reflect(client, consumer, { type: CONFIG_MAP, namespace });
      await waitFor(() => consumer.passes.length === 1, { describe: "the first pass" });
      expect(named(consumer)).toEqual(["a", "b", "c"]);
      expect(consumer.objects.get(`${namespace}/a`)).toMatchObject({
        apiVersion: "v1",
        kind: "ConfigMap",
        data: { text: "ü🚢" },
      });
      await client.delete(CONFIG_MAP, { namespace, name: "b" });
      await client.create(CONFIG_MAP, configMap(namespace, "d"));
      await waitFor(() => named(consumer).join() === "a,c,d", { describe: "the changes" });
      const pass = await running.reflector.relist();
      expect(pass.objects).toBe(consumer.objects.size);
      await running.reflector.listNamespace(namespace);
      expect(named(consumer)).toEqual(["a", "c", "d"]);
      expect(consumer.stales).toEqual([]);
    }));

  it("sees metadata only where that is enough", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      await client.create(CONFIG_MAP, configMap(namespace, "a", { content: "x" }));
      const consumer = new RecordingConsumer();
      await using _ = reflect(client, consumer, { type: CONFIG_MAP, namespace, metadataOnly: true });
      await waitFor(() => consumer.passes.length === 1, { describe: "the first pass" });
      const object = consumer.objects.get(`${namespace}/a`);
      expect(object).not.toHaveProperty("data");
      expect(object).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
    }));

  it("resumes after a watch that the server ended in order", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      const consumer = new RecordingConsumer();
      await using running = reflect(client, consumer, { type: CONFIG_MAP, namespace, timing: { watchSeconds: 1 } });
      await waitFor(() => running.restarts.length >= 2, { describe: "two ends of the watch" });
      await client.create(CONFIG_MAP, configMap(namespace, "a"));
      await waitFor(() => named(consumer).join() === "a", { describe: "an object created meanwhile" });
      expect(new Set(running.restarts)).toEqual(new Set(["timeout"]));
      expect(consumer.passes).toHaveLength(1);
      expect(consumer.stales).toEqual([]);
    }));

  it("says that a kind is forbidden, and reads it when it is granted", () =>
    withNamespace(async (namespace) => {
      const { token } = await serviceAccount(namespace, "reader");
      const dir = mkdtempSync(join(tmpdir(), "pawl-kube-"));
      writeKubeconfig(join(dir, "config"), "reader", {
        server: cluster.admin.server,
        authority: cluster.admin.authority,
        token,
      });
      const consumer = new RecordingConsumer();
      {
        await using limited = await connect(join(dir, "config"));
        await using _ = reflect(limited.client, consumer, { type: CONFIG_MAP, namespace });
        await waitFor(() => consumer.stale?.reason === "forbidden", { describe: "the refusal" });
        expect(consumer.stale?.message).toContain("configmaps is forbidden");
        await request("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, {
          metadata: { name: "reader" },
          rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list", "watch"] }],
        });
        await request("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
          metadata: { name: "reader" },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
          subjects: [{ kind: "ServiceAccount", name: "reader", namespace }],
        });
        await waitFor(() => consumer.passes.length === 1 && consumer.stale === null, { describe: "the grant" });
        expect(consumer.calls.slice(-2)).toEqual([`synced first ${consumer.objects.size}`, "current"]);
      }
      rmSync(dir, { recursive: true });
    }));

  it("sees a kind come, go and come again with its CRD", async () => {
    const group = `${uniqueName("kinds")}.example`;
    const crd = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `boats.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural: "boats", singular: "boat", kind: "Boat" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        ],
      },
    };
    const type: ApiType = { group, version: "v1", kind: "Boat", plural: "boats", namespaced: true };
    const boat = (name: string): object => ({
      apiVersion: `${group}/v1`,
      kind: "Boat",
      metadata: { namespace: "default", name },
    });
    const { client } = connection;
    const consumer = new RecordingConsumer();
    await using _ = reflect(client, consumer, { type });
    await waitFor(() => consumer.stale?.reason === "not-served", { describe: "the kind not to be served" });
    expect(lookUp(await discover(client), `Boat.${group}`)).toBe("not-served");

    await kubectl(["apply", "-f", "-"], { input: [crd] });
    await waitFor(() => consumer.passes.length === 1 && consumer.stale === null, { describe: "the first pass" });
    await waitFor(async () => typeof lookUp(await discover(client), `Boat.${group}`) !== "string", {
      describe: "discovery",
    });
    await kubectl(["create", "-f", "-"], { input: [boat("gig"), boat("dory")] });
    await waitFor(() => named(consumer).join() === "dory,gig", { describe: "two boats" });

    await kubectl(["delete", "crd", `boats.${group}`]);
    await waitFor(() => consumer.stale?.reason === "not-served", { describe: "the kind to be gone" });

    await kubectl(["apply", "-f", "-"], { input: [crd] });
    await kubectl(["wait", "--for=condition=Established", `crd/boats.${group}`]);
    await waitFor(() => kubectl(["create", "-f", "-"], { input: [boat("skiff")] }), {
      describe: "a boat to be accepted",
    });
    await waitFor(() => consumer.stale === null && named(consumer).join() === "skiff", {
      describe: "the new boat alone",
    });
    await kubectl(["delete", "crd", `boats.${group}`]);
  });

  it("serves more than a hundred watches at once", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      const consumers = Array.from({ length: 120 }, () => new RecordingConsumer());
      const running = consumers.map((consumer) => reflect(client, consumer, { type: CONFIG_MAP, namespace }));
      await waitFor(() => consumers.every(({ passes }) => passes.length === 1), { describe: "120 first passes" });
      await client.create(CONFIG_MAP, configMap(namespace, "a"));
      await waitFor(() => consumers.every((consumer) => named(consumer).join() === "a"), { describe: "120 events" });
      expect(consumers.flatMap(({ stales }) => stales)).toEqual([]);
      await Promise.all(running.map((one) => one[Symbol.asyncDispose]()));
    }));

  it("keeps the server's own fields as they come", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      await client.create(CONFIG_MAP, configMap(namespace, "a", { text: "x" }));
      const consumer = new RecordingConsumer();
      await using _ = reflect(client, consumer, { type: CONFIG_MAP, namespace });
      await waitFor(() => consumer.passes.length === 1, { describe: "the first pass" });
      const watched = consumer.objects.get(`${namespace}/a`) ?? {};
      expect(watched).toEqual(await client.get(CONFIG_MAP, { namespace, name: "a" }));
      expect(metadataOf(watched)).toHaveProperty("managedFields");
    }));
});
