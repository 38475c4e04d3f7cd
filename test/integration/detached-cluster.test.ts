import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findBinaries } from "../../tools/control-plane/index.ts";
import { isAlive, type ProcessIdentity } from "../../tools/control-plane/process-identity.ts";
import { kubectl, waitFor } from "./cluster.ts";

const run = promisify(execFile);
const CLI = join(import.meta.dirname, "../../tools/control-plane/cli.ts");

let root: string;
let env: NodeJS.ProcessEnv;

/** A cache of the test's own, so that the developer's cluster is left alone; the binaries are the run's. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "pawl-detached-"));
  const { binaries } = await findBinaries(process.env, () => undefined);
  mkdirSync(join(root, "assets"));
  for (const [name, path] of Object.entries(binaries)) symlinkSync(path, join(root, "assets", name));
  env = { ...process.env, XDG_CACHE_HOME: root, KUBEBUILDER_ASSETS: join(root, "assets") };
});

afterEach(async () => {
  await cli("down");
  rmSync(root, { recursive: true });
});

const cli = (command: string) => run(process.execPath, [CLI, command], { env });
const state = () =>
  JSON.parse(readFileSync(join(root, "pawl", "cluster", "state.json"), "utf8")) as { holder: ProcessIdentity };

describe("cluster-up", () => {
  test("prints an export that kubectl can use, and the same when it is up already", async () => {
    const first = await cli("up");
    expect(first.stdout).toBe(`export KUBECONFIG=${join(root, "pawl", "cluster", "kubeconfig")}\n`);
    const kubeconfig = first.stdout.trim().slice("export KUBECONFIG=".length);
    const { stdout } = await kubectl(["get", "namespace", "default", "--output=name"], { kubeconfig });
    expect(stdout).toBe("namespace/default\n");

    const { holder } = state();
    const second = await cli("up");
    expect(second.stdout).toBe(first.stdout);
    expect(state().holder).toEqual(holder);
  });

  test("starts another one when the first was killed", async () => {
    await cli("up");
    const { holder } = state();
    process.kill(holder.pid, "SIGKILL");
    await waitFor(() => !isAlive(holder), { describe: "the end of the holder" });
    await cli("up");
    expect(state().holder).not.toEqual(holder);
  });
});

describe("cluster-down", () => {
  test("ends the control plane and removes its files", async () => {
    await cli("up");
    const { holder } = state();
    const { stderr } = await cli("down");
    expect(stderr).toContain("stopped, files removed");
    expect(isAlive(holder)).toBe(false);
    expect(existsSync(join(root, "pawl", "cluster"))).toBe(false);
  });

  test("has nothing to do when there is none", async () => {
    const { stderr } = await cli("down");
    expect(stderr).toContain("there was none");
  });
});

test("a version without pinned modules is refused before anything is done", async () => {
  env.PAWL_KUBERNETES_VERSION = "1.20.0";
  await expect(cli("up")).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("no pinned Go modules") });
});
