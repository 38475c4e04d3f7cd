import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/kube/clock.ts";
import { discover, lookUp, serverVersion } from "../../../src/kube/discovery.ts";
import { AlreadyExistsError, ConflictError, InvalidError, NotFoundError } from "../../../src/kube/errors.ts";
import { EventRecorder } from "../../../src/kube/events.ts";
import { identityOf, metadataOf, type RawObject } from "../../../src/kube/object.ts";
import { cluster, kubectl, request, uniqueName, waitFor, withNamespace } from "../cluster.ts";
import { CONFIG_MAP, type Connection, configMap, connect, DEPLOYMENT, NAMESPACE } from "./real-cluster.ts";

let connection: Connection;

beforeAll(async () => {
  connection = await connect();
});

afterAll(async () => {
  await connection[Symbol.asyncDispose]();
});

describe("a client", () => {
  it("reads and writes an object, and loses against a newer write", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      const key = { namespace, name: "settings" };
      const first = await client.create(CONFIG_MAP, configMap(namespace, "settings", { size: "1" }));
      await expect(client.create(CONFIG_MAP, configMap(namespace, "settings"))).rejects.toThrow(AlreadyExistsError);
      const second = await client.replace(CONFIG_MAP, { ...first, data: { size: "2" } });
      await expect(client.replace(CONFIG_MAP, { ...first, data: { size: "3" } })).rejects.toThrow(ConflictError);
      const stale = { resourceVersion: identityOf(first).resourceVersion };
      await expect(client.patch(CONFIG_MAP, key, { data: { size: "4" } }, stale)).rejects.toThrow(ConflictError);
      await expect(client.delete(CONFIG_MAP, key, { uid: "another" })).rejects.toThrow(ConflictError);
      const patched = await client.patch(
        CONFIG_MAP,
        key,
        { data: { more: "x" } },
        { resourceVersion: identityOf(second).resourceVersion },
      );
      expect(patched.data).toEqual({ size: "2", more: "x" });
      await client.delete(CONFIG_MAP, key, { uid: identityOf(patched).uid });
      await expect(client.get(CONFIG_MAP, key)).rejects.toThrow(NotFoundError);
    }));

  it("changes nothing in a dry run", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      await client.create(CONFIG_MAP, configMap(namespace, "settings"), { dryRun: true });
      await expect(client.get(CONFIG_MAP, { namespace, name: "settings" })).rejects.toThrow(NotFoundError);
    }));

  it("writes the status alone", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      const labels = { app: "shop" };
      const spec = {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "example.com/app:1" }] } },
      };
      const key = { namespace, name: "shop" };
      await client.create(DEPLOYMENT, { apiVersion: "apps/v1", kind: "Deployment", metadata: key, spec });
      const condition = { type: "Judged", status: "True", reason: "Test", message: "as it is" };
      const patched = await client.patchStatus(DEPLOYMENT, key, {
        spec: { replicas: 7 },
        status: { conditions: [condition] },
      });
      expect((patched.status as { conditions: object[] }).conditions).toContainEqual(
        expect.objectContaining(condition),
      );
      expect((patched.spec as { replicas: number }).replicas).toBe(0);
    }));

  it("names the fields of an invalid object", async () => {
    const { client } = connection;
    const error = await client.create(CONFIG_MAP, configMap("default", "Not A Name")).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(InvalidError);
    expect((error as InvalidError).causes).toEqual([
      expect.objectContaining({ field: "metadata.name", reason: "FieldValueInvalid" }),
    ]);
  });

  it("pages through a list, and a watch goes on from where it ends", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      for (let i = 0; i < 7; i++) await client.create(CONFIG_MAP, configMap(namespace, `cm-${i}`));
      const items: RawObject[] = [];
      let version = "";
      for await (const event of client.list(CONFIG_MAP, { namespace, pageSize: 3 })) {
        if (event.type === "item") items.push(event.object);
        if (event.type === "end") version = event.resourceVersion;
      }
      expect(items.map((item) => identityOf(item).name).filter((name) => name.startsWith("cm-"))).toHaveLength(7);
      expect(items.every(({ kind, apiVersion }) => kind === "ConfigMap" && apiVersion === "v1")).toBe(true);
      await client.create(CONFIG_MAP, configMap(namespace, "late"));
      const stop = new AbortController();
      const start = { resourceVersion: version };
      const stream = await client.watch(CONFIG_MAP, {
        namespace,
        start,
        timeoutSeconds: 60,
        silenceMs: 60_000,
        signal: stop.signal,
      });
      const event = await stream.next();
      stream.close();
      expect(event?.type).toBe("upsert");
      expect(event !== null && "object" in event && identityOf(event.object).name).toBe("late");
    }));

  it("lists metadata without content", () =>
    withNamespace(async (namespace) => {
      const { client } = connection;
      await client.create(CONFIG_MAP, configMap(namespace, "settings", { secret: "x" }));
      const object = await client.get(CONFIG_MAP, { namespace, name: "settings" }, { metadataOnly: true });
      expect(object).not.toHaveProperty("data");
      for await (const event of client.list(CONFIG_MAP, { namespace, metadataOnly: true }))
        if (event.type === "item") expect(event.object).toMatchObject({ kind: "ConfigMap", apiVersion: "v1" });
    }));

  it("knows the server's time", async () => {
    const { client } = connection;
    for (let i = 0; i < 5; i++) await client.get(NAMESPACE, { namespace: "", name: "default" });
    expect(Math.abs(client.serverTime() - Date.now())).toBeLessThan(1_000);
  });
});

describe("discovery", () => {
  it("finds built-in kinds and the server's version", async () => {
    const { client } = connection;
    const discovery = await discover(client);
    expect(discovery.failedGroups.size).toBe(0);
    expect(lookUp(discovery, "Deployment.apps")).toMatchObject({
      version: "v1",
      plural: "deployments",
      namespaced: true,
    });
    expect(lookUp(discovery, "Namespace")).toMatchObject({ version: "v1", plural: "namespaces", namespaced: false });
    expect(lookUp(discovery, "Deployment.other.example")).toBe("not-served");
    const { major, minor } = await serverVersion(client);
    expect(`${major}.${minor}`).toBe(cluster.version.split(".").slice(0, 2).join("."));
  });
});

describe("an Event", () => {
  const recorder = (onSuppressed: (count: number) => void = () => undefined): EventRecorder =>
    new EventRecorder({
      client: connection.client,
      controller: "pawl.dev/operator",
      instance: "pawl-test",
      clock: systemClock,
      onSuppressed,
    });

  it("is shown by kubectl, and the same one is never there twice", () =>
    withNamespace(async (namespace) => {
      const event = {
        name: "settings.0123456789",
        regarding: { apiVersion: "v1", kind: "ConfigMap", namespace, name: "settings", uid: "1" },
        type: "Warning" as const,
        reason: "ViolationFound",
        action: "Scan",
        note: "ü".repeat(2000),
      };
      expect(await recorder().send(event)).toBe("sent");
      expect(await recorder().send(event)).toBe("known");
      expect(await recorder().send({ ...event, retold: true })).toBe("known");
      const { stdout } = await kubectl(["get", "events.events.k8s.io", "-n", namespace, "-o", "json"]);
      const { items } = JSON.parse(stdout) as { items: { reason: string; regarding: object; note: string }[] };
      expect(items.map(({ reason }) => reason)).toEqual(["ViolationFound"]);
      expect(Buffer.byteLength(items[0]?.note ?? "")).toBeLessThanOrEqual(1024);
    }));

  it("about a cluster-scoped object goes to the namespace default", async () => {
    const name = uniqueName("cluster");
    const regarding = { apiVersion: "v1", kind: "Namespace", namespace: "", name: "default" };
    const sent = {
      name,
      regarding,
      type: "Normal" as const,
      reason: "ScanRecovered",
      action: "Scan",
      note: "all read",
    };
    expect(await recorder().send(sent)).toBe("sent");
    const stored = await request<RawObject>("GET", `/apis/events.k8s.io/v1/namespaces/default/events/${name}`);
    expect(metadataOf(stored).namespace).toBe("default");
  });

  it("for a namespace that is being deleted is dropped in silence", async () => {
    const namespace = uniqueName("leaving");
    await request("POST", "/api/v1/namespaces", {
      metadata: { name: namespace, finalizers: ["pawl.dev/test"] },
      spec: { finalizers: ["kubernetes"] },
    });
    await request("DELETE", `/api/v1/namespaces/${namespace}`);
    await waitFor(
      async () => (await request<{ status: { phase: string } }>("GET", `/api/v1/namespaces/${namespace}`)).status.phase,
      {
        describe: `namespace ${namespace} to be terminating`,
        until: (phase) => phase === "Terminating",
      },
    );
    const regarding = { apiVersion: "v1", kind: "ConfigMap", namespace, name: "settings" };
    const event = {
      name: "late",
      regarding,
      type: "Normal" as const,
      reason: "ViolationFixed",
      action: "Scan",
      note: "",
    };
    expect(await recorder().send(event)).toBe("dropped");
    await request(
      "PATCH",
      `/api/v1/namespaces/${namespace}`,
      { metadata: { finalizers: null } },
      { contentType: "application/merge-patch+json" },
    );
  });
});
