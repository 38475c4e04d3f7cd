/** What integration tests get at: the run's shared control plane, or one of their own when they break it. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { inject } from "vitest";
import {
  type ApiAccess,
  ApiClient,
  ApiStatusError,
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../tools/control-plane/index.ts";

/** Handed from the global setup to every test file. */
export interface SharedCluster {
  /** `1.36.3` */
  readonly version: string;
  /** The administrator's. */
  readonly kubeconfig: string;
  readonly admin: ApiAccess;
  /** Path of a kubectl that fits. */
  readonly kubectl: string;
  /** One JSON `audit.k8s.io/v1` Event a line, level Metadata, stages after the request was received. */
  readonly auditLog: string;
}

export const cluster: SharedCluster = inject("cluster");

const admin = new ApiClient(cluster.admin);

/** The shared API server, asked as administrator: {@link ApiClient.request}. */
export const request: ApiClient["request"] = admin.request.bind(admin);

export interface KubectlOptions {
  /** For `-f -`; objects are sent as a JSON List. */
  readonly input?: string | readonly object[];
  /** Default: the shared control plane's administrator. */
  readonly kubeconfig?: string;
}

export interface KubectlOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl ended with another status than 0. */
export class KubectlError extends Error {
  override readonly name = "KubectlError";
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;

  constructor(args: readonly string[], code: number | null, output: KubectlOutput) {
    super(`kubectl ${args.join(" ")} ended with ${code}: ${output.stderr.trim() || output.stdout.trim()}`);
    this.code = code;
    this.stdout = output.stdout;
    this.stderr = output.stderr;
  }
}

/** @throws KubectlError */
export async function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<KubectlOutput> {
  const { input = "", kubeconfig = cluster.kubeconfig } = options;
  const child = spawn(cluster.kubectl, args, {
    // What kubectl remembers of a server goes with the server: another one may get its port.
    env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(dirname(cluster.kubeconfig), "kubectl-cache") },
    timeout: 60_000,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const written = typeof input === "string" ? input : JSON.stringify({ apiVersion: "v1", kind: "List", items: input });
  // kubectl may end without reading its input; its exit status tells all there is to know.
  child.stdin.on("error", () => undefined);
  child.stdin.end(written);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new KubectlError(args, code, { stdout, stderr });
  return { stdout, stderr };
}

/** A name that no other test uses, legal for every kind. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

export interface NamespaceOptions {
  readonly prefix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Runs a test in a namespace of its own, in which Pods can be created at once, and deletes it afterwards. The
 * deletion is not waited for: nobody uses the name again.
 */
export async function withNamespace<T>(
  test: (namespace: string) => Promise<T>,
  options: NamespaceOptions = {},
): Promise<T> {
  const { prefix = "test", labels = {}, annotations = {} } = options;
  const name = uniqueName(prefix);
  await request("POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels, annotations },
  });
  try {
    await waitFor(() => found(`/api/v1/namespaces/${name}/serviceaccounts/default`), {
      describe: `the service account "default" in namespace ${name}`,
    });
    return await test(name);
  } finally {
    await request("DELETE", `/api/v1/namespaces/${name}`);
  }
}

/** The object at that path, undefined when there is none. */
export async function found<T = unknown>(path: string): Promise<T | undefined> {
  try {
    return await request<T>("GET", path);
  } catch (error) {
    if (error instanceof ApiStatusError && error.status === 404) return undefined;
    throw error;
  }
}

export interface WaitOptions<T> {
  /** What is waited for, as a noun phrase. */
  readonly describe: string;
  /** Default: the observation is neither undefined, null nor false. */
  readonly until?: (observed: T) => boolean;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Observes until the condition holds and resolves with that observation. An observation that throws is one that does
 * not hold yet. On timeout the error tells what was seen last.
 */
export async function waitFor<T>(
  observe: () => T | Promise<T>,
  options: WaitOptions<NonNullable<T>>,
): Promise<Exclude<NonNullable<T>, false>> {
  const { describe, until = () => true, timeoutMs = 30_000, everyMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let last: string;
  do {
    try {
      const observed = await observe();
      if (isThere(observed) && until(observed)) return observed;
      last = `saw ${inspect(observed, { depth: 8, breakLength: 120, maxStringLength: 2_000 })}`;
    } catch (error) {
      last = `failed: ${error instanceof Error ? error.message : String(error)}`;
    }
    await delay(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms in vain for ${describe}; the last look ${last}`);
}

function isThere<T>(observed: T): observed is Exclude<NonNullable<T>, false> {
  return observed !== undefined && observed !== null && observed !== false;
}

/** A control plane of the test's own, for tests that break one: `await using plane = await startIsolatedControlPlane()`. */
export function startIsolatedControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  return startControlPlane(options);
}
