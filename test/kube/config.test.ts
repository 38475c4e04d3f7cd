import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadClusterConfig } from "../../src/kube/config.ts";
import { ConfigError } from "../../src/kube/config-error.ts";

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pawl-config-"));
  file = join(dir, "config");
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function write(user: object, cluster: object = {}): void {
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "https://cluster.example:6443/", ...cluster } }],
      users: [{ name: "u", user }],
      contexts: [
        { name: "one", context: { cluster: "c", user: "u", namespace: "shop" } },
        { name: "two", context: { cluster: "c", user: "u" } },
      ],
      "current-context": "one",
    }),
  );
}

const load = () => loadClusterConfig({ kubeconfig: file });

describe("a kubeconfig", () => {
  it("gives server, namespace and token", async () => {
    write({ token: "abc" });
    const config = await load();
    expect(config).toMatchObject({ server: "https://cluster.example:6443", namespace: "shop", proxyUrl: null });
    expect((await config.credentials.load()).headers).toEqual({ authorization: "Bearer abc" });
  });

  it("gives another context when asked for", async () => {
    write({ token: "abc" });
    expect((await loadClusterConfig({ kubeconfig: file, context: "two" })).namespace).toBeNull();
    await expect(loadClusterConfig({ kubeconfig: file, context: "three" })).rejects.toThrow(/no context "three"/);
  });

  it("gives user and password as basic authentication", async () => {
    write({ username: "me", password: "secret" });
    const { headers } = await (await load()).credentials.load();
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from("me:secret").toString("base64")}` });
  });

  it("gives certificates from files, and reads them anew each time", async () => {
    for (const name of ["ca", "crt", "key"]) writeFileSync(join(dir, name), `${name} 1`);
    write(
      { "client-certificate": "crt", "client-key": "key" },
      { "certificate-authority": "ca", "tls-server-name": "api" },
    );
    const config = await load();
    expect((await config.credentials.load()).tls).toEqual({
      ca: "ca 1",
      cert: "crt 1",
      key: "key 1",
      serverName: "api",
      skipVerify: false,
    });
    writeFileSync(join(dir, "crt"), "crt 2");
    expect((await config.credentials.load()).tls.cert).toBe("crt 2");
  });

  it("gives the token of an exec plugin, asks it again only after a refusal, and trims nothing away but white space", async () => {
    const plugin = join(dir, "plugin");
    const count = join(dir, "count");
    writeFileSync(
      plugin,
      `#!/bin/sh\necho x >> ${count}\nprintf '{"kind":"ExecCredential","status":{"token":"t%s\\\\n"}}' $(wc -l < ${count})\n`,
    );
    chmodSync(plugin, 0o755);
    write({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: plugin, interactiveMode: "Never" } });
    const { credentials } = await load();
    expect((await credentials.load()).headers).toEqual({ authorization: "Bearer t1" });
    expect((await credentials.load()).headers).toEqual({ authorization: "Bearer t1" });
    expect((await credentials.reload()).headers).toEqual({ authorization: "Bearer t2" });
  });

  it("whose exec plugin fails is a ConfigError that names the user", async () => {
    write({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: join(dir, "missing") } });
    const { credentials } = await load();
    await expect(credentials.load()).rejects.toThrow(/credentials of user "u"/);
  });

  it.each([
    ["is not there", () => undefined, ConfigError],
    ["is no YAML", () => writeFileSync(file, "{"), ConfigError],
    [
      "names a context that is not there",
      () => writeFileSync(file, '{"current-context":"x","clusters":[],"users":[],"contexts":[]}'),
      ConfigError,
    ],
    ["names a server that is no URL", () => write({}, { server: "cluster" }), ConfigError],
  ])("that %s is a ConfigError that names the file", async (_, prepare, expected) => {
    prepare();
    const error = await load().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(expected);
    expect((error as Error).message).toContain(file);
  });
});
