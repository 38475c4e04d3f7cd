import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BinaryName } from "../../tools/control-plane/binaries.ts";
import { releasesWay } from "../../tools/control-plane/download.ts";
import { baseAddresses, type PinnedFile, pinnedFiles } from "../../tools/control-plane/releases.ts";
import { ETCD_VERSION, supportedKubernetesVersions } from "../../tools/control-plane/version.ts";

const KUBECTL = "#!/bin/sh\necho kubectl fixture\n";
const ETCD = "#!/bin/sh\necho etcd fixture\n";
const KUBERNETES = "1.36.3";
const platform = { os: "linux", arch: "amd64" };

const sha = (algorithm: string, content: string | Buffer) => createHash(algorithm).update(content).digest("hex");

let root: string;
let servers: Server[];
let asked: string[];
let said: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pawl-download-"));
  [servers, asked, said] = [[], [], []];
});

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(root, { recursive: true });
});

/** A server on the loopback address; resolves with its base address. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serveFiles = (files: Readonly<Record<string, string | Buffer>>) =>
  serve((request, response) => {
    const content = files[request.url ?? ""];
    response.statusCode = content === undefined ? 404 : 200;
    response.end(content);
  });

/** Looks for what is missing with a table of pinned files of the test's own. */
function find(
  files: readonly PinnedFile[],
  missing: readonly BinaryName[],
  mirror: { kubernetes?: string; etcd?: string },
) {
  const env = { PAWL_KUBERNETES_MIRROR: mirror.kubernetes, PAWL_ETCD_MIRROR: mirror.etcd };
  const say = (line: string) => said.push(line);
  const way = releasesWay({ files, cacheRoot: root, kubernetesVersion: KUBERNETES, platform, env, say });
  return way.find(new Set(missing));
}

const kubectlFile = (sum: string = sha("sha256", KUBECTL)): PinnedFile => ({
  release: `kubernetes-${KUBERNETES}`,
  platform: "linux-amd64",
  path: "v1.36.3/bin/linux/amd64/kubectl",
  sha256: sum,
  provides: { kubectl: null },
});

const cached = () => join(root, `kubernetes-${KUBERNETES}-linux-amd64`);

describe("a download", () => {
  test("with the pinned checksum becomes an executable in the cache", async () => {
    const base = await serveFiles({ "/v1.36.3/bin/linux/amd64/kubectl": KUBECTL });
    const { found, reasons } = await find([kubectlFile()], ["kubectl"], { kubernetes: `${base}/` });
    const path = join(cached(), "kubectl");
    expect(found).toEqual(new Map([["kubectl", path]]));
    expect(reasons).toEqual([]);
    expect(execFileSync(path, { encoding: "utf8" })).toBe("kubectl fixture\n");
    expect(readdirSync(cached())).toEqual(["kubectl"]);
  });

  test("with another checksum is refused aloud and leaves nothing", async () => {
    const base = await serveFiles({ "/v1.36.3/bin/linux/amd64/kubectl": `${KUBECTL}# changed\n` });
    const { found, reasons } = await find([kubectlFile()], ["kubectl"], { kubernetes: base });
    expect(found.size).toBe(0);
    expect(said.filter((line) => line.startsWith("REFUSED: kubectl from "))).toHaveLength(1);
    expect(reasons).toEqual([
      expect.stringContaining(
        `has sha256 ${sha("sha256", `${KUBECTL}# changed\n`)}, pinned is ${sha("sha256", KUBECTL)}`,
      ),
    ]);
    expect(readdirSync(cached())).toEqual([]);
  });

  test("that breaks off leaves nothing", async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => response.destroy());
    });
    const { found, reasons } = await find([kubectlFile()], ["kubectl"], { kubernetes: base });
    expect(found.size).toBe(0);
    expect(reasons).toEqual([expect.stringContaining("/v1.36.3/bin/linux/amd64/kubectl: ")]);
    expect(readdirSync(cached())).toEqual([]);
  });

  test("takes of an archive what is missing and no more", async () => {
    mkdirSync(join(root, "src", "etcd-v3", "bin"), { recursive: true });
    writeFileSync(join(root, "src", "etcd-v3", "bin", "etcd"), ETCD);
    writeFileSync(join(root, "src", "etcd-v3", "etcdctl"), "not asked for");
    execFileSync("tar", ["-czf", join(root, "etcd.tar.gz"), "-C", join(root, "src"), "etcd-v3"]);
    const archive = readFileSync(join(root, "etcd.tar.gz"));
    const base = await serveFiles({ "/v3/etcd.tar.gz": archive });
    const file: PinnedFile = {
      release: `etcd-${ETCD_VERSION}`,
      platform: "linux-amd64",
      path: "v3/etcd.tar.gz",
      sha512: sha("sha512", archive),
      provides: { etcd: "etcd-v3/bin/etcd" },
    };
    const { found } = await find([file, kubectlFile()], ["etcd"], { etcd: base });
    const folder = join(root, `etcd-${ETCD_VERSION}-linux-amd64`);
    expect(found).toEqual(new Map([["etcd", join(folder, "etcd")]]));
    expect(readdirSync(folder)).toEqual(["etcd"]);
    expect(readFileSync(join(folder, "etcd"), "utf8")).toBe(ETCD);
    expect(statSync(join(folder, "etcd")).mode & 0o777).toBe(0o755);
    expect(asked).toEqual(["/v3/etcd.tar.gz"]);
  });

  test("is not tried for what has no pinned checksum", async () => {
    const base = await serveFiles({});
    const other = { ...kubectlFile(), release: "kubernetes-1.34.4" };
    const { reasons } = await find([other], ["kubectl"], { kubernetes: base });
    expect(reasons).toEqual(["no checksum is pinned for kubectl of kubernetes-1.36.3 on linux-amd64"]);
    expect(asked).toEqual([]);
  });
});

describe("a server out of reach", () => {
  const files = [
    kubectlFile(),
    { ...kubectlFile(), path: "v1.36.3/bin/linux/amd64/kube-apiserver", provides: { "kube-apiserver": null } },
  ];

  test.each([
    ["accepts and never answers", () => serve(() => undefined)],
    ["refuses connections", () => Promise.resolve("http://127.0.0.1:1")],
  ])("that %s is given 3 s, once for all its files", async (_what, start) => {
    const started = performance.now();
    const { found, reasons } = await find(files, ["kubectl", "kube-apiserver"], { kubernetes: await start() });
    expect(performance.now() - started).toBeLessThan(4_500);
    expect(found.size).toBe(0);
    expect(reasons).toHaveLength(1);
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  test("that answers with an error is passed over", async () => {
    const { found, reasons } = await find([kubectlFile()], ["kubectl"], { kubernetes: await serveFiles({}) });
    expect(found.size).toBe(0);
    expect(reasons).toEqual([expect.stringMatching(/kubectl: status 404$/)]);
  });
});

describe("the committed table of release files", () => {
  test("names only versions that can be chosen", () => {
    const releases = [
      ...supportedKubernetesVersions().map((version) => `kubernetes-${version}`),
      `etcd-${ETCD_VERSION}`,
    ];
    expect(releases).toEqual(expect.arrayContaining([...new Set(pinnedFiles().map((file) => file.release))]));
  });

  test("has one file for each binary of a release and platform", () => {
    const keys = pinnedFiles().flatMap((file) =>
      Object.keys(file.provides).map((name) => `${file.release} ${file.platform} ${name}`),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each([
    ["no checksum", {}],
    ["two checksums", { sha256: "0".repeat(64), sha512: "0".repeat(128) }],
    ["a checksum of the wrong length", { sha256: "0".repeat(63) }],
  ])("with %s is not read", (_what, sums) => {
    const { sha256: _sum, ...file } = kubectlFile();
    writeFileSync(join(root, "table.json"), JSON.stringify({ sources: [], files: [{ ...file, ...sums }] }));
    expect(() => pinnedFiles(join(root, "table.json"))).toThrow();
  });
});

test("the base addresses are the official ones unless a mirror is named", () => {
  expect(baseAddresses({})).toEqual({
    kubernetes: "https://dl.k8s.io",
    etcd: "https://github.com/etcd-io/etcd/releases/download",
  });
  expect(baseAddresses({ PAWL_KUBERNETES_MIRROR: "http://a/", PAWL_ETCD_MIRROR: "http://b" })).toEqual({
    kubernetes: "http://a",
    etcd: "http://b",
  });
});
