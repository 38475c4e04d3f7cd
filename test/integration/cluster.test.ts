import { describe, expect, test } from "vitest";
import { ApiStatusError } from "../../tools/control-plane/index.ts";
import { cluster, found, KubectlError, kubectl, request, uniqueName, waitFor, withNamespace } from "./cluster.ts";

describe("waiting for a condition", () => {
  test("ends with the first observation that fulfils it", async () => {
    let looks = 0;
    const seen = await waitFor(() => ++looks, { describe: "the third look", until: (n) => n === 3, everyMs: 1 });
    expect([seen, looks]).toEqual([3, 3]);
  });

  test("goes on after an observation that throws", async () => {
    let looks = 0;
    const observe = () => (++looks < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve("there"));
    await expect(waitFor(observe, { describe: "something", everyMs: 1 })).resolves.toBe("there");
  });

  test.each([
    ["saw", () => ({ ready: false }), "the last look saw { ready: false }"],
    ["failed with", () => Promise.reject(new Error("connection refused")), "the last look failed: connection refused"],
  ])("tells at the end of its patience what it %s last", async (_what, observe, message) => {
    const options = { describe: "a ready Pod", until: () => false, timeoutMs: 5, everyMs: 1 };
    await expect(waitFor<unknown>(observe, options)).rejects.toThrow(`waited 5 ms in vain for a ready Pod; ${message}`);
  });
});

describe("a namespace of a test's own", () => {
  test("has its labels, takes Pods at once, and is being deleted afterwards", async () => {
    const labels = { team: "shop" };
    const name = await withNamespace(
      async (namespace) => {
        const made = await request<{ metadata: { labels: object } }>("GET", `/api/v1/namespaces/${namespace}`);
        expect(made.metadata.labels).toMatchObject(labels);
        await request("POST", `/api/v1/namespaces/${namespace}/pods`, {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "one" },
          spec: { containers: [{ name: "one", image: "example.org/one:1.0" }] },
        });
        return namespace;
      },
      { labels },
    );
    const left = await found<{ status: { phase: string } }>(`/api/v1/namespaces/${name}`);
    expect(left?.status.phase ?? "Terminating").toBe("Terminating");
  });

  test("is deleted when the test fails", async () => {
    let name = "";
    const failing = withNamespace((namespace) => {
      name = namespace;
      return Promise.reject(new Error("the test failed"));
    });
    await expect(failing).rejects.toThrow("the test failed");
    const left = await found<{ status: { phase: string } }>(`/api/v1/namespaces/${name}`);
    expect(left?.status.phase ?? "Terminating").toBe("Terminating");
  });
});

describe("kubectl", () => {
  test("applies objects that are given as objects", () =>
    withNamespace(async (namespace) => {
      const objects = ["a", "b"].map((name) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace },
      }));
      const { stdout } = await kubectl(["apply", "--filename=-"], { input: objects });
      expect(stdout).toBe("configmap/a created\nconfigmap/b created\n");
    }));

  test("that fails is an error with all that it said", async () => {
    const name = uniqueName("absent");
    const failing = kubectl(["get", "namespace", name]);
    await expect(failing).rejects.toBeInstanceOf(KubectlError);
    await expect(failing).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: `Error from server (NotFound): namespaces "${name}" not found\n`,
    });
  });
});

test("a request that is refused tells status and reason", async () => {
  const refused = request("GET", `/api/v1/namespaces/${uniqueName("absent")}`);
  await expect(refused).rejects.toBeInstanceOf(ApiStatusError);
  await expect(refused).rejects.toMatchObject({ status: 404, reason: "NotFound" });
});

test("the shared cluster's kubeconfig is the administrator's", async () => {
  const { stdout } = await kubectl(["auth", "can-i", "*", "*", "--all-namespaces"], { kubeconfig: cluster.kubeconfig });
  expect(stdout.trim()).toBe("yes");
});
