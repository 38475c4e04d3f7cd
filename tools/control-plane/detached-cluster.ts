import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ApiClient } from "./api-client.ts";
import { cacheRoot } from "./cache.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { findBinaries } from "./find-binaries.ts";
import { withLock } from "./lock.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { Say } from "./progress.ts";
import { chosenKubernetesVersion } from "./version.ts";

/**
 * The one control plane a user may leave running in the background. A holder process owns it; this folder of files
 * in the cache says where it is.
 */
export interface DetachedCluster {
  readonly holder: ProcessIdentity;
  readonly version: string;
  readonly server: string;
  /** The administrator's; at the same path each time. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** Of the server's certificate, PEM. */
  readonly authority: string;
}

/** The holder ended before its control plane was ready. */
export class DetachedClusterError extends Error {
  override readonly name = "DetachedClusterError";
}

interface Files {
  readonly dir: string;
  readonly lock: string;
  readonly state: string;
  readonly kubeconfig: string;
  readonly log: string;
}

const UP_WITHIN_MS = 180_000;
const DOWN_WITHIN_MS = 30_000;

function filesOf(env: NodeJS.ProcessEnv): Files {
  const dir = join(cacheRoot(env), "cluster");
  return {
    dir,
    lock: join(cacheRoot(env), "cluster.lock"),
    state: join(dir, "state.json"),
    kubeconfig: join(dir, "kubeconfig"),
    log: join(dir, "holder.log"),
  };
}

/** Starts it, or finds the one that is up. */
export async function up(env: NodeJS.ProcessEnv, say: Say): Promise<DetachedCluster> {
  const files = filesOf(env);
  return await withLock(files.lock, { what: "cluster-up or cluster-down", say }, async () => {
    const running = runningCluster(files);
    if (running !== undefined) {
      await checkServes(running);
      const asked = chosenKubernetesVersion(env);
      const note = running.version === asked ? "" : ` (for ${asked}: make cluster-down first)`;
      say(`Kubernetes ${running.version} is up at ${running.server}${note}`);
      return running;
    }
    // Here, where its progress is seen; the holder then finds everything in the cache.
    const { version } = await findBinaries(env, say);
    rmSync(files.dir, { recursive: true, force: true });
    mkdirSync(files.dir, { recursive: true, mode: 0o700 });
    say(`starting Kubernetes ${version} …`);
    const log = openSync(files.log, "a");
    const holder = spawn(process.execPath, [join(import.meta.dirname, "cli.ts"), "hold"], {
      detached: true,
      env,
      stdio: ["ignore", log, log],
    });
    holder.unref();
    const deadline = performance.now() + UP_WITHIN_MS;
    while (holder.exitCode === null && holder.signalCode === null && performance.now() < deadline) {
      const started = runningCluster(files);
      if (started !== undefined) {
        say(`Kubernetes ${started.version} is up at ${started.server}`);
        return started;
      }
      await delay(100);
    }
    holder.kill("SIGTERM");
    throw new DetachedClusterError(`the control plane did not come up:\n${readFileSync(files.log, "utf8")}`);
  });
}

/** Stops it and removes its files; false when there was none. */
export async function down(env: NodeJS.ProcessEnv, say: Say): Promise<boolean> {
  const files = filesOf(env);
  return await withLock(files.lock, { what: "cluster-up or cluster-down", say }, async () => {
    const running = runningCluster(files);
    if (running !== undefined) {
      process.kill(running.holder.pid, "SIGTERM");
      const deadline = performance.now() + DOWN_WITHIN_MS;
      while (isAlive(running.holder)) {
        if (performance.now() > deadline)
          // The supervisor of its parts sees this and ends them.
          process.kill(running.holder.pid, "SIGKILL");
        await delay(50);
      }
    }
    rmSync(files.dir, { recursive: true, force: true });
    return running !== undefined;
  });
}

/** The holder's whole life: start, publish, wait for SIGTERM, end. */
export async function hold(env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const files = filesOf(env);
  const told = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => told.resolve());
  const plane = await startControlPlane({ env, onLog: say });
  publish(files, plane);
  await told.promise;
  await plane.dispose();
}

function publish(files: Files, plane: ControlPlane): void {
  copyFileSync(plane.kubeconfig, files.kubeconfig);
  const state: DetachedCluster = {
    holder: identify(),
    version: plane.version,
    server: plane.server,
    kubeconfig: files.kubeconfig,
    kubectl: plane.binaries.kubectl,
    authority: plane.admin.authority,
  };
  writeFileSync(`${files.state}.draft`, JSON.stringify(state));
  renameSync(`${files.state}.draft`, files.state);
}

function runningCluster(files: Files): DetachedCluster | undefined {
  let text: string;
  try {
    text = readFileSync(files.state, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const state = JSON.parse(text) as DetachedCluster;
  return isAlive(state.holder) ? state : undefined;
}

/** A holder that lives but whose API server does not answer is for the user to see, not to be papered over. */
async function checkServes(cluster: DetachedCluster): Promise<void> {
  await using client = new ApiClient({ server: cluster.server, authority: cluster.authority });
  try {
    await client.request("GET", "/readyz", undefined, { timeoutMs: 10_000 });
  } catch (error) {
    throw new DetachedClusterError(
      `a control plane is running (process ${cluster.holder.pid}) but ${cluster.server} does not serve: ` +
        `${error instanceof Error ? error.message : String(error)}. End it with: make cluster-down`,
    );
  }
}
