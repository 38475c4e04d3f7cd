import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readWithClientNode } from "../../src/kube/client-node-config.ts";
import type { ClusterAccess } from "../../src/kube/cluster-access.ts";
import { ConfigError } from "../../src/kube/config-error.ts";
import { readPlainKubeconfig } from "../../src/kube/plain-kubeconfig.ts";
import { readServiceAccount } from "../../src/kube/service-account.ts";

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pawl-config-"));
  file = join(dir, "config");
  for (const name of ["ca", "crt", "key", "token"]) writeFileSync(join(dir, name), `${name} of a file\n`);
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function write(user: object, cluster: object = {}, context: object = {}): void {
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "https://cluster.example:6443", ...cluster } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "one", context: { cluster: "c", user: "u", ...context } }],
      "current-context": "one",
    }),
  );
}

async function told(access: ClusterAccess | undefined) {
  if (access === undefined) return undefined;
  const { server, namespace, proxyUrl, credentials } = access;
  return { server, namespace, proxyUrl, credentials: await credentials() };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a kubeconfig that needs no plugin", () => {
  it.each<[string, object, object?, object?]>([
    ["a token", { token: "abc" }],
    ["user and password", { username: "me", password: "secret" }],
    ["nobody", {}],
    ["files", { "client-certificate": "crt", "client-key": "key" }, { "certificate-authority": "ca" }],
    [
      "data",
      { "client-certificate-data": base64("crt"), "client-key-data": base64("key") },
      { "certificate-authority-data": base64("ca") },
    ],
    ["a name for TLS", { token: "abc" }, { "tls-server-name": "api" }],
    ["a server that is not verified", { token: "abc" }, { "insecure-skip-tls-verify": true }],
    ["a proxy", { token: "abc" }, { "proxy-url": "http://proxy.example:3128" }],
    ["a namespace", { token: "abc" }, {}, { namespace: "shop" }],
  ])("is read as client-node reads it: %s", async (_, user, cluster, context) => {
    write(user, cluster, context);
    const ours = await told(await readPlainKubeconfig(file));
    expect(ours).toBeDefined();
    expect(ours).toEqual(await told(await readWithClientNode({ kubeconfig: file })));
  });

  it("gives the token of a file, which is read anew each time and comes before a token", async () => {
    write({ token: "old", tokenFile: "token" });
    const access = await readPlainKubeconfig(file);
    expect((await access?.credentials())?.headers).toEqual({ authorization: "Bearer token of a file" });
    writeFileSync(join(dir, "token"), "renewed\n");
    expect((await access?.credentials())?.headers).toEqual({ authorization: "Bearer renewed" });
  });

  it("takes data before a file, as kubectl does", async () => {
    write({ token: "abc" }, { "certificate-authority": "ca", "certificate-authority-data": base64("data") });
    expect((await told(await readPlainKubeconfig(file)))?.credentials.tls.ca).toBe("data");
  });

  it("whose files are missing is a ConfigError that names the user", async () => {
    write({ tokenFile: "missing" });
    const access = await readPlainKubeconfig(file);
    await expect(access?.credentials()).rejects.toThrow(ConfigError);
    await expect(access?.credentials()).rejects.toThrow(/credentials of user "u"/);
  });
});

describe("a kubeconfig is left to client-node", () => {
  it.each<[string, () => void]>([
    ["with a plugin", () => write({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "get-token" } })],
    ["with an auth provider", () => write({ "auth-provider": { name: "oidc", config: {} } })],
    ["that impersonates", () => write({ token: "abc", as: "somebody" })],
    ["with a field that is not known", () => write({ token: "abc" }, { "server-of-tomorrow": "x" })],
    ["with a token that is no text", () => write({ token: 123 })],
    ["whose user is not there", () => write({}, {}, { user: "v" })],
    ["that is no YAML", () => writeFileSync(file, "{")],
    ["that is not there", () => rmSync(file, { force: true })],
  ])("%s", async (_, prepare) => {
    prepare();
    expect(await readPlainKubeconfig(file)).toBeUndefined();
  });

  it("where another context is asked for that is not there", async () => {
    write({ token: "abc" });
    expect(await readPlainKubeconfig(file, "two")).toBeUndefined();
  });
});

describe("a Pod", () => {
  const env = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };

  beforeEach(() => {
    writeFileSync(join(dir, "ca.crt"), "authority");
    writeFileSync(join(dir, "namespace"), "shop");
  });

  it("is given server, namespace, authority and a token that is read anew each time", async () => {
    const access = await readServiceAccount({ env }, dir);
    expect(await told(access)).toEqual({
      server: "https://10.96.0.1:443",
      namespace: "shop",
      proxyUrl: null,
      credentials: {
        headers: { authorization: "Bearer token of a file" },
        tls: { ca: "authority", cert: null, key: null, serverName: null, skipVerify: false },
      },
    });
    writeFileSync(join(dir, "token"), "renewed");
    expect((await access?.credentials())?.headers).toEqual({ authorization: "Bearer renewed" });
  });

  it("may find its server at an IPv6 address", async () => {
    const access = await readServiceAccount({ env: { ...env, KUBERNETES_SERVICE_HOST: "fd00::1" } }, dir);
    expect(access?.server).toBe("https://[fd00::1]:443");
  });

  it("whose authority is missing is a ConfigError", async () => {
    rmSync(join(dir, "ca.crt"));
    const access = await readServiceAccount({ env }, dir);
    await expect(access?.credentials()).rejects.toThrow(ConfigError);
  });

  it("goes by a kubeconfig where there is one", async () => {
    expect(await readServiceAccount({ env: { ...env, KUBECONFIG: file } }, dir)).toBeUndefined();
    mkdirSync(join(dir, ".kube"));
    writeFileSync(join(dir, ".kube/config"), "");
    expect(await readServiceAccount({ env: { ...env, HOME: dir } }, dir)).toBeUndefined();
  });

  it("is none without these variables, or without a token", async () => {
    expect(await readServiceAccount({ env: {} }, dir)).toBeUndefined();
    expect(await readServiceAccount({ env }, join(dir, "missing"))).toBeUndefined();
  });
});
