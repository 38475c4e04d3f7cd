import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findOnPath } from "../../tools/control-plane/executables.ts";
import {
  buildEnvironment,
  type GoBuild,
  GoBuildError,
  goBuild,
  versionStamp,
} from "../../tools/control-plane/go-build.ts";
import { plannedBuilds } from "../../tools/control-plane/modules.ts";
import { MODULES_DIR, supportedKubernetesVersions } from "../../tools/control-plane/version.ts";

describe("the version stamp", () => {
  test("gives server and client library their version", () => {
    expect(versionStamp("1.36.3")).toEqual([
      "-X k8s.io/component-base/version.gitVersion=v1.36.3",
      "-X k8s.io/component-base/version.gitMajor=1",
      "-X k8s.io/component-base/version.gitMinor=36",
      "-X k8s.io/component-base/version.gitTreeState=clean",
      "-X k8s.io/client-go/pkg/version.gitVersion=v1.36.3",
      "-X k8s.io/client-go/pkg/version.gitMajor=1",
      "-X k8s.io/client-go/pkg/version.gitMinor=36",
      "-X k8s.io/client-go/pkg/version.gitTreeState=clean",
    ]);
  });
});

describe("a build's environment", () => {
  test("is the machine's, without what would build something else", () => {
    const machine = { PATH: "/bin", GOFLAGS: "-p=1", GOPROXY: "off", GOOS: "plan9", GOARCH: "386", CGO_ENABLED: "1" };
    expect(buildEnvironment(machine)).toEqual({
      PATH: "/bin",
      GOFLAGS: "-p=1",
      GOPROXY: "off",
      CGO_ENABLED: "0",
      GOTOOLCHAIN: "local",
      GOWORK: "off",
    });
  });
});

describe("the planned builds", () => {
  const settings = { cacheRoot: "/c", kubernetesVersion: "1.36.3", platform: { os: "linux", arch: "amd64" } };

  test("are one for etcd and one for all commands of Kubernetes", () => {
    const plans = plannedBuilds(new Set(["kubectl", "etcd", "kube-controller-manager", "kube-apiserver"]), settings);
    expect(plans.map(([build]) => [build.toDir, [...build.commands.keys()]])).toEqual([
      ["/c/etcd-3.7.3-linux-amd64", ["etcd"]],
      ["/c/kubernetes-1.36.3-linux-amd64", ["kube-apiserver", "kube-controller-manager", "kubectl"]],
    ]);
  });

  test("hold only what is missing", () => {
    const plans = plannedBuilds(new Set(["kubectl"]), settings);
    expect(plans.map(([build]) => [...build.commands.keys()])).toEqual([["kubectl"]]);
  });
});

describe.each(supportedKubernetesVersions())("the pinned modules of Kubernetes %s", (version) => {
  const read = (file: string) => readFileSync(join(MODULES_DIR, `kubernetes-${version}`, file), "utf8");

  test("require that very version", () => {
    expect(read("go.mod").split("\n")).toContain(`\tk8s.io/kubernetes v${version} // indirect`);
    expect(read("go.sum").split("\n")).toContainEqual(expect.stringContaining(`k8s.io/kubernetes v${version} h1:`));
  });

  test("replace every staging module by the release that belongs to it", () => {
    const required = [...read("go.mod").matchAll(/^\t(k8s\.io\/\S+) v0\.0\.0( \/\/ indirect)?$/gm)].map(
      (match) => match[1],
    );
    const replaced = [...read("go.mod").matchAll(/^\t(k8s\.io\/\S+) => (\S+) v0(\.\d+\.\d+)$/gm)];
    expect(replaced.map((match) => [match[2], `1${match[3]}`])).toEqual(replaced.map((match) => [match[1], version]));
    expect(replaced.map((match) => match[1])).toEqual(expect.arrayContaining(required));
    expect(replaced.length).toBeGreaterThan(25);
  });
});

describe.skipIf(findOnPath("go", process.env) === undefined)("a build", () => {
  let root: string;
  let said: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pawl-go-build-"));
    said = [];
    writeFileSync(join(root, "go.mod"), "module example.org/fixture\n\ngo 1.22\n");
    for (const name of ["one", "two"]) {
      mkdirSync(join(root, "cmd", name), { recursive: true });
      writeFileSync(
        join(root, "cmd", name, "main.go"),
        `package main\n\nvar version = "unstamped"\n\nfunc main() { println("${name}", version) }\n`,
      );
    }
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const build = (names: readonly string[]): GoBuild => ({
    what: "a fixture",
    moduleDir: root,
    commands: new Map(names.map((name) => [name, `example.org/fixture/cmd/${name}`])),
    linkerFlags: ["-X main.version=v1.2.3"],
    toDir: join(root, "out"),
  });
  const run = () => (names: readonly string[]) => goBuild(build(names), process.env, (line) => said.push(line));
  const output = (name: string) =>
    execFileSync("sh", ["-c", `"$0" 2>&1`, join(root, "out", name)], { encoding: "utf8" }).trim();

  test("puts all commands, stamped, into their folder and tells its steps", async () => {
    await run()(["one", "two"]);
    expect([output("one"), output("two")]).toEqual(["one v1.2.3", "two v1.2.3"]);
    expect(readdirSync(join(root, "out")).sort()).toEqual(["one", "two"]);
    expect(said[0]).toBe("building a fixture (one, two) …");
    expect(said.at(-1)).toMatch(/^building a fixture \(one, two\): done in \d+ s$/);
  });

  test("removes what an interrupted one left", async () => {
    mkdirSync(join(root, "out", ".building-1"), { recursive: true });
    writeFileSync(join(root, "out", ".building-1", "one"), "half");
    await run()(["one"]);
    expect(readdirSync(join(root, "out"))).toEqual(["one"]);
  });

  test("that fails leaves nothing and tells what the compiler said", async () => {
    writeFileSync(join(root, "cmd", "two", "main.go"), "package main\n\nfunc main() { undefinedThing() }\n");
    await expect(run()(["one", "two"])).rejects.toThrow(GoBuildError);
    await expect(run()(["one", "two"])).rejects.toThrow("undefined: undefinedThing");
    expect(readdirSync(join(root, "out"))).toEqual([]);
  });

  test("of a module whose checksums are missing is refused, not resolved anew", async () => {
    writeFileSync(join(root, "go.mod"), "module example.org/fixture\n\ngo 1.22\n\nrequire k8s.io/klog/v2 v2.130.1\n");
    writeFileSync(join(root, "cmd", "one", "main.go"), 'package main\n\nimport _ "k8s.io/klog/v2"\n\nfunc main() {}\n');
    await expect(run()(["one"])).rejects.toThrow("missing go.sum entry");
    expect(existsSync(join(root, "go.sum"))).toBe(false);
  });
});
