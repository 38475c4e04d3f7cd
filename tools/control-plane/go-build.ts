import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type Say, withProgress } from "./progress.ts";
import { versionNumbers } from "./version.ts";

export interface GoBuild {
  /** For people: "Kubernetes 1.36.3". */
  readonly what: string;
  /** Folder with the pinned go.mod and go.sum. */
  readonly moduleDir: string;
  /** File name of each command → its Go package. */
  readonly commands: ReadonlyMap<string, string>;
  /** For `go build -ldflags`. */
  readonly linkerFlags: readonly string[];
  readonly toDir: string;
}

/** `go` is missing or a build failed; the message ends with what Go said. */
export class GoBuildError extends Error {
  override readonly name = "GoBuildError";
}

/** The machine's own, as found on PATH. */
const GO = "go";
const FETCH_TRIES = 3;

/**
 * Linker flags that give Kubernetes' commands their version. Unstamped, the server calls itself
 * `v0.0.0-master+$Format:%H$`, which kubectl and helm refuse to read.
 */
export function versionStamp(version: string): string[] {
  const [major, minor] = versionNumbers(version);
  const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((pkg) =>
    Object.entries(values).map(([name, value]) => `-X ${pkg}.${name}=${value}`),
  );
}

/** The machine's environment (GOFLAGS, GOPROXY and the like are its own affair) without what would change the outcome. */
export function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  // GOTOOLCHAIN=local: fail on a Go that is too old instead of downloading another.
  return { ...rest, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" };
}

/**
 * Builds all commands of one module in one `go build` and puts them into `toDir`, each by a rename: a half-written
 * command never lies there. After an interruption Go's build cache goes on where it was.
 * The caller sees to it that only one build runs at a time.
 */
export async function goBuild(build: GoBuild, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const packages = [...build.commands.values()];
  mkdirSync(build.toDir, { recursive: true });
  for (const left of readdirSync(build.toDir).filter((name) => name.startsWith(".building-")))
    rmSync(join(build.toDir, left), { recursive: true, force: true });
  const draft = join(build.toDir, `.building-${process.pid}`);
  mkdirSync(draft);
  try {
    await withProgress(say, `building ${build.what} (${[...build.commands.keys()].join(", ")})`, async (step) => {
      const total = await fetchModules(build, packages, env, say, step);
      const [first] = build.commands.keys();
      const target = build.commands.size === 1 && first !== undefined ? join(draft, first) : `${draft}/`;
      const flags = ["-s", "-w", ...build.linkerFlags].join(" ");
      let compiled = 0;
      step(`compiling ${total} packages`);
      await go(
        ["build", "-mod=readonly", "-v", "-ldflags", flags, "-o", target, ...packages],
        build.moduleDir,
        env,
        (line) => {
          if (!isPackage(line)) return false;
          compiled++;
          step(
            packages.includes(line) ? `linking ${line}` : `compiling ${line}, ${compiled} of at most ${total} packages`,
          );
          return true;
        },
      );
    });
    for (const name of build.commands.keys()) renameSync(join(draft, name), join(build.toDir, name));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Downloads what the packages need, as listing them does; resolves with the number of packages. */
async function fetchModules(
  build: GoBuild,
  packages: readonly string[],
  env: NodeJS.ProcessEnv,
  say: Say,
  step: (text: string) => void,
): Promise<number> {
  step("fetching Go modules");
  for (let tried = 1; ; tried++) {
    let fetched = 0;
    let listed = 0;
    try {
      await go(["list", "-mod=readonly", "-deps", ...packages], build.moduleDir, env, (line) => {
        if (line.startsWith("go: downloading ")) step(`fetching Go modules, ${++fetched} so far`);
        else if (isPackage(line)) listed++;
        else return false;
        return true;
      });
      return listed;
    } catch (error) {
      // What has arrived is kept, so each try goes on where the last one ended.
      if (!(error instanceof GoBuildError) || fetched === 0 || tried === FETCH_TRIES) throw error;
      say(`fetching Go modules failed, trying again (${tried + 1} of ${FETCH_TRIES}): ${error.message}`);
      await delay(tried * 2_000);
    }
  }
}

/**
 * Runs go. `consume` takes the lines that are progress; the others are the result, or tell in the error what failed.
 * @throws GoBuildError
 */
export async function go(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  consume: (line: string) => boolean,
): Promise<string[]> {
  const child = spawn(GO, args, {
    cwd,
    env: buildEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      if (!consume(line)) said.push(line);
    });
  const end = await ended(child);
  if (end !== 0)
    throw new GoBuildError([`go ${args.slice(0, 2).join(" ")} ended with ${end}:`, ...said.slice(-30)].join("\n"));
  return said;
}

function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new GoBuildError(
          error.code === "ENOENT"
            ? "there is no go on PATH: install Go 1.26 or newer, or put the binaries into a folder and name it in KUBEBUILDER_ASSETS"
            : `go does not start: ${error.message}`,
        ),
      ),
    );
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
}

function isPackage(line: string): boolean {
  return /^[\w.~-]+(\/[\w.~+-]+)*$/.test(line);
}
