import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BINARY_NAMES, BinariesUnavailableError, locate } from "../../tools/control-plane/binaries.ts";
import { cacheFolder, cacheRoot } from "../../tools/control-plane/cache.ts";
import { assetsWay, findOnPath, folderWay, machineKubectlWay } from "../../tools/control-plane/executables.ts";
import { findBinaries } from "../../tools/control-plane/find-binaries.ts";

let root: string;
let said: string[];
const say = (line: string) => said.push(line);
const nobody = () => undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pawl-binaries-"));
  said = [];
});

afterEach(() => rmSync(root, { recursive: true }));

function put(folder: string, names: readonly string[], script = "exit 0"): string {
  const dir = join(root, folder);
  mkdirSync(dir, { recursive: true });
  for (const name of names) {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

describe("the order of the search", () => {
  test("takes each binary from the first way that has it", async () => {
    const first = put("first", ["etcd"]);
    const second = put("second", BINARY_NAMES);
    const asked: unknown[] = [];
    const ways = [folderWay("first", () => first), folderWay("second", () => second)];
    const binaries = await locate(ways, (way, taken) => asked.push([way.name, taken]));
    expect(binaries).toEqual({
      etcd: join(first, "etcd"),
      "kube-apiserver": join(second, "kube-apiserver"),
      "kube-controller-manager": join(second, "kube-controller-manager"),
      kubectl: join(second, "kubectl"),
    });
    expect(asked).toEqual([
      ["first", ["etcd"]],
      ["second", ["kube-apiserver", "kube-controller-manager", "kubectl"]],
    ]);
  });

  test("does not ask further ways when nothing is missing", async () => {
    const whole = put("whole", BINARY_NAMES);
    const never = { name: "never", find: () => Promise.reject(new Error("asked for nothing")) };
    await expect(locate([folderWay("whole", () => whole), never], nobody)).resolves.toBeDefined();
  });

  test("ends with every way's reason when something is nowhere", async () => {
    const dir = put("some", ["etcd", "kubectl"]);
    const search = locate([assetsWay({}), folderWay("the folder", () => dir)], nobody);
    await expect(search).rejects.toThrow(BinariesUnavailableError);
    await expect(search).rejects.toThrow(
      [
        "nowhere found: kube-apiserver, kube-controller-manager",
        "  KUBEBUILDER_ASSETS: not set",
        `  the folder: no kube-apiserver in ${dir}`,
        `  the folder: no kube-controller-manager in ${dir}`,
      ].join("\n"),
    );
  });

  test("passes over a folder and over a file that cannot be executed", async () => {
    const bad = put("bad", []);
    mkdirSync(join(bad, "etcd"));
    writeFileSync(join(bad, "kubectl"), "");
    const good = put("good", BINARY_NAMES);
    const binaries = await locate([folderWay("bad", () => bad), folderWay("good", () => good)], nobody);
    expect(binaries).toMatchObject({ etcd: join(good, "etcd"), kubectl: join(good, "kubectl") });
  });
});

describe("finding binaries for a control plane", () => {
  const version = "1.34.4";

  function environment(): NodeJS.ProcessEnv {
    return { PAWL_KUBERNETES_VERSION: version, XDG_CACHE_HOME: join(root, "cache"), HOME: root, PATH: "" };
  }

  function fillCache(env: NodeJS.ProcessEnv, names: readonly (typeof BINARY_NAMES)[number][]): void {
    const platform = { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };
    for (const name of names) {
      const folder = cacheFolder(cacheRoot(env), name, version, platform);
      put(folder.slice(root.length), [name]);
    }
  }

  test("prefers KUBEBUILDER_ASSETS and takes what it lacks from the cache", async () => {
    const assets = put("assets", ["kube-apiserver"]);
    const env = { ...environment(), KUBEBUILDER_ASSETS: assets };
    fillCache(env, BINARY_NAMES);
    const { binaries } = await findBinaries(env, say);
    expect(binaries["kube-apiserver"]).toBe(join(assets, "kube-apiserver"));
    expect(binaries.etcd).toMatch(join(root, "cache", "pawl", "etcd-"));
    expect(binaries.kubectl).toMatch(join(root, "cache", "pawl", `kubernetes-${version}-`));
    expect(said).toEqual([`kube-apiserver from KUBEBUILDER_ASSETS (${assets})`]);
  });

  test("takes the machine's kubectl before making one", async () => {
    const script = `echo '{"clientVersion":{"gitVersion":"v1.35.1"}}'`;
    const env = { ...environment(), PATH: put("machine", ["kubectl"], script) };
    fillCache(
      env,
      BINARY_NAMES.filter((name) => name !== "kubectl"),
    );
    const { binaries } = await findBinaries(env, say);
    expect(binaries.kubectl).toBe(join(root, "machine", "kubectl"));
  });

  test("tells, when no way is left, why each way failed", async () => {
    const closed = "http://127.0.0.1:1";
    const env = { ...environment(), PAWL_KUBERNETES_MIRROR: closed, PAWL_ETCD_MIRROR: closed };
    const search = findBinaries(env, say);
    await expect(search).rejects.toThrow("KUBEBUILDER_ASSETS: not set");
    await expect(search).rejects.toThrow("the cache: no etcd in");
    await expect(search).rejects.toThrow("PATH: no kubectl");
    await expect(search).rejects.toThrow("the official release: ");
    await expect(search).rejects.toThrow("there is no go on PATH: install Go 1.26 or newer");
    expect(said).toContain(
      "not from the official release: no checksum is pinned for etcd of etcd-3.7.3 on linux-amd64",
    );
  });
});

describe("the machine's kubectl", () => {
  const ask = (script: string) => {
    const PATH = put("path", ["kubectl"], script);
    return machineKubectlWay({ PATH }, "1.36.3").find(new Set(["kubectl"]));
  };
  const saying = (gitVersion: string) => `echo '${JSON.stringify({ clientVersion: { gitVersion } })}'`;

  test("is taken within one minor version of the server", async () => {
    const { found } = await ask(saying("v1.35.9"));
    expect(found.get("kubectl")).toBe(join(root, "path", "kubectl"));
  });

  test("is not taken beyond that", async () => {
    const { found, reasons } = await ask(saying("v1.32.4-dispatcher"));
    expect(found.size).toBe(0);
    expect(reasons).toEqual([
      expect.stringContaining("is v1.32.4-dispatcher, more than one minor version from 1.36.3"),
    ]);
  });

  test.each([
    ["fails", "exit 1"],
    ["prints no JSON", "echo v1.36.3"],
    ["prints no version", "echo '{}'"],
  ])("is not taken when it %s", async (_what, script) => {
    const { found, reasons } = await ask(script);
    expect(found.size).toBe(0);
    expect(reasons).toEqual([expect.stringContaining("does not tell its version")]);
  });
});

test("PATH is searched in its order, and relative and empty entries do no harm", () => {
  const one = put("one", ["tool"]);
  const two = put("two", ["tool", "other"]);
  const env = { PATH: ["", one, two].join(":") };
  expect(findOnPath("tool", env)).toBe(join(one, "tool"));
  expect(findOnPath("other", env)).toBe(join(two, "other"));
  expect(findOnPath("none", env)).toBeUndefined();
});

describe("the cache folder", () => {
  test("is below XDG_CACHE_HOME, else below the home's .cache", () => {
    expect(cacheRoot({ XDG_CACHE_HOME: "/c", HOME: "/h" })).toBe("/c/pawl");
    expect(cacheRoot({ HOME: "/h" })).toBe("/h/.cache/pawl");
    expect(cacheRoot({ XDG_CACHE_HOME: "relative", HOME: "/h" })).toBe("/h/.cache/pawl");
  });

  test("differs by version, system and processor", () => {
    const folder = (os: string, arch: string, version: string) => cacheFolder("/c", "kubectl", version, { os, arch });
    const folders = [
      folder("linux", "amd64", "1.36.3"),
      folder("linux", "arm64", "1.36.3"),
      folder("darwin", "arm64", "1.36.3"),
      folder("linux", "amd64", "1.34.4"),
    ];
    expect(new Set(folders).size).toBe(folders.length);
  });
});
