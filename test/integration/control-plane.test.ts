import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ApiClient, type ControlPlane, startControlPlane } from "../../tools/control-plane/index.ts";
import { identify, isAlive, type ProcessIdentity } from "../../tools/control-plane/process-identity.ts";
import { cluster, found, kubectl, request, startIsolatedControlPlane, waitFor, withNamespace } from "./cluster.ts";

interface List<T> {
  readonly items: readonly T[];
}

interface Named {
  readonly metadata: { readonly name: string };
}

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

const OWNER = fileURLToPath(new URL("./control-plane-owner.ts", import.meta.url));
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

function processesOf(plane: ControlPlane): ProcessIdentity[] {
  return [plane.etcd, plane.apiServer, plane.controllerManager].flatMap((part) =>
    part?.pid === undefined ? [] : [identify(part.pid)],
  );
}

describe("the shared control plane", () => {
  test("is of the chosen version, and so says kubectl", async () => {
    const { stdout } = await kubectl(["version", "--output=json"]);
    expect(JSON.parse(stdout)).toMatchObject({ serverVersion: { gitVersion: `v${cluster.version}` } });
  });

  test("makes ReplicaSets and Pods of a Deployment", () =>
    withNamespace(async (namespace) => {
      const labels = { app: "web" };
      await request("POST", `/apis/apps/v1/namespaces/${namespace}/deployments`, {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "example.org/web:1.0" }] } },
        },
      });
      const pods = await waitFor(() => request<List<Named>>("GET", `/api/v1/namespaces/${namespace}/pods`), {
        describe: "two Pods of the Deployment",
        until: ({ items }) => items.length === 2,
      });
      expect(pods.items.map((pod) => pod.metadata.name)).toEqual([
        expect.stringMatching(/^web-/),
        expect.stringMatching(/^web-/),
      ]);
      const { items } = await request<List<Named>>("GET", `/apis/apps/v1/namespaces/${namespace}/replicasets`);
      expect(items).toHaveLength(1);
    }));

  test("deletes what is in a deleted namespace", async () => {
    const name = await withNamespace((namespace) => Promise.resolve(namespace));
    await waitFor(async () => (await found(`/api/v1/namespaces/${name}`)) === undefined, {
      describe: `the end of namespace ${name}`,
    });
  });

  test("writes one audit event for every answered write", () =>
    withNamespace(async (namespace) => {
      await request("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap("audited", {}));
      const events = await waitFor(
        () =>
          readFileSync(cluster.auditLog, "utf8")
            .split("\n")
            .filter((line) => line.includes(`"/api/v1/namespaces/${namespace}/configmaps`) && line.includes("audited"))
            .map((line) => JSON.parse(line) as { verb: string; user: { username: string } }),
        { describe: "the audit event of the write", until: (lines) => lines.length > 0 },
      );
      expect(events).toMatchObject([{ verb: "create", user: { username: "pawl-admin" } }]);
    }));
});

describe("a service account's kubeconfig", () => {
  test("may do what RBAC grants the account and nothing else", async () => {
    await using plane = await startIsolatedControlPlane();
    await using admin = new ApiClient(plane.admin);
    await admin.request("POST", "/api/v1/namespaces/default/serviceaccounts", {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "reader" },
    });
    await admin.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "reader" },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }],
    });
    await admin.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "reader" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "reader" },
      subjects: [{ kind: "ServiceAccount", name: "reader", namespace: "default" }],
    });
    const kubeconfig = await plane.kubeconfigFor({ serviceAccount: "reader", namespace: "default" });

    const { stdout } = await waitFor(() => kubectl(["get", "configmaps", "--output=name"], { kubeconfig }), {
      describe: "the ConfigMap that the account may list",
      until: (output) => output.stdout.includes("configmap/"),
    });
    expect(stdout.trim()).toBe("configmap/kube-root-ca.crt");
    await expect(kubectl(["get", "secrets"], { kubeconfig })).rejects.toThrow(
      'User "system:serviceaccount:default:reader" cannot list resource "secrets"',
    );
  });
});

describe("a control plane in a folder of the caller's", () => {
  test("leaves data and logs there, and does not start in one that is in use", async () => {
    const dir = mkdtempSync(join(tmpdir(), "pawl-kept-"));
    const plane = await startIsolatedControlPlane({ dir, controllerManager: false, durable: true });
    const processes = processesOf(plane);
    await plane.dispose();
    expect(processes.map(isAlive)).toEqual([false, false]);
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(["etcd", "etcd.log", "kube-apiserver.log", "kubeconfig"]));
    await expect(startControlPlane({ dir })).rejects.toThrow(`${dir} is not empty`);
    rmSync(dir, { recursive: true });
  });
});

test("flags for the API server are its own", async () => {
  const apiServerFlags = ["--feature-gates=WatchList=false"];
  await using plane = await startIsolatedControlPlane({ controllerManager: false, apiServerFlags });
  await using client = new ApiClient(plane.admin);
  const metrics = await client.request<string>("GET", "/metrics");
  expect(metrics).toMatch(/^kubernetes_feature_enabled\{name="WatchList",.*\} 0$/m);
});

describe("control planes side by side", () => {
  test("share nothing", async () => {
    const [left, right] = await Promise.all([
      startIsolatedControlPlane({ controllerManager: false }),
      startIsolatedControlPlane({ controllerManager: false }),
    ]);
    await using _left = left;
    await using _right = right;
    await using leftClient = new ApiClient(left.admin);
    await using rightClient = new ApiClient(right.admin);
    await leftClient.request("POST", CONFIG_MAPS, configMap("mine", {}));

    expect(left.server).not.toBe(right.server);
    await expect(rightClient.request("GET", `${CONFIG_MAPS}/mine`)).rejects.toMatchObject({ status: 404 });
    await using stranger = new ApiClient({ ...left.admin, server: right.server });
    await expect(stranger.request("GET", "/api")).rejects.toThrow("certificate");
  });
});

describe("parts that are stopped and started", () => {
  test("keep ports and data, whether stopped or killed", async () => {
    await using plane = await startIsolatedControlPlane({ controllerManager: false });
    await using client = new ApiClient(plane.admin);
    const { server } = plane;
    await client.request("POST", CONFIG_MAPS, configMap("kept", { answer: "42" }));

    for (const part of [plane.apiServer, plane.etcd]) {
      for (const how of ["stop", "kill"] as const) {
        const before = part.pid;
        await part[how]();
        expect(part.pid).toBeUndefined();
        await part.start();
        expect(part.pid).not.toBe(before);
        const read = await waitFor(() => client.request<{ data: object }>("GET", `${CONFIG_MAPS}/kept`), {
          describe: `the ConfigMap after ${how} of ${part.name}`,
        });
        expect(read.data).toEqual({ answer: "42" });
      }
    }
    expect(plane.server).toBe(server);
  });

  test("answer nothing while paused and go on afterwards", async () => {
    await using plane = await startIsolatedControlPlane({ controllerManager: false });
    await using client = new ApiClient(plane.admin);
    await plane.apiServer.pause();
    await expect(client.request("GET", "/readyz", undefined, { timeoutMs: 500 })).rejects.toThrow("timeout");
    await plane.apiServer.resume();
    const answer = await waitFor(() => client.request<string>("GET", "/readyz"), { describe: "a ready API server" });
    expect(answer).toBe("ok");
  });

  test("end at dispose even while paused", async () => {
    const plane = await startIsolatedControlPlane({ controllerManager: false });
    const processes = processesOf(plane);
    await plane.etcd.pause();
    await plane.dispose();
    expect(processes.map(isAlive)).toEqual([false, false]);
  });
});

describe("nothing is left behind", () => {
  test("after dispose", async () => {
    const plane = await startIsolatedControlPlane();
    const processes = processesOf(plane);
    expect(processes.map(isAlive)).toEqual([true, true, true]);
    await plane.dispose();
    expect(processes.map(isAlive)).toEqual([false, false, false]);
    expect(existsSync(plane.dir)).toBe(false);
    await plane.dispose();
  });

  test("after kill -9 of the owner", async () => {
    const owner = spawn(process.execPath, [OWNER], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: owner.stdout }), "line")) as [string];
    const { dir, processes } = JSON.parse(line) as { dir: string; processes: ProcessIdentity[] };
    expect(processes.map(isAlive)).toEqual([true, true, true]);
    expect(existsSync(dir)).toBe(true);

    owner.kill("SIGKILL");

    await waitFor(() => !processes.some(isAlive) && !existsSync(dir), { describe: "the end of processes and files" });
  });

  test("of processes after kill -9 of the supervisor", async () => {
    const plane = await startIsolatedControlPlane({ controllerManager: false, onLog: () => undefined });
    const processes = processesOf(plane);
    process.kill(plane.supervisorPid, "SIGKILL");
    await waitFor(() => !processes.some(isAlive) && !existsSync(plane.dir), {
      describe: "the end of processes and files",
    });
    await plane.dispose();
  });
});
