import { execFile } from "node:child_process";
import { chmod, copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseMetrics, type Sample } from "../../tools/demo/metrics.ts";
import { until } from "../../tools/demo/until.ts";
import { Kubectl } from "../../tools/kubectl.ts";

const run = promisify(execFile);
/** Of one command. */
const timeoutMs = 180_000;

export interface ClusterTools {
  readonly kubectl: string;
  readonly helm: string;
  readonly kubeconfig: string;
  /** `registry/repository:tag` of the operator under test. */
  readonly image: string;
}

/** Where the chart is installed. */
export const namespace = "pawl-system";

/** Label of the operator's Pods. */
export const operators = "app.kubernetes.io/component=operator";

/** What scenarios do to the cluster and read from it. */
export class Cluster {
  readonly image: string;
  readonly kubeconfig: string;
  readonly #helm: string;
  readonly #kubectl: Kubectl;

  constructor({ image, kubeconfig, helm, kubectl }: ClusterTools) {
    this.image = image;
    this.kubeconfig = kubeconfig;
    this.#helm = helm;
    this.#kubectl = new Kubectl({
      binary: kubectl,
      kubeconfig,
      home: dirname(kubeconfig),
      folder: join(import.meta.dirname, "../.."),
    });
  }

  /** Resolves with stdout, without a line end. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return (await this.#kubectl.run(args, { signal: AbortSignal.timeout(timeoutMs) })).trimEnd();
  }

  /** Creates these objects, or changes them to be so. */
  async apply(...objects: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    await this.#kubectl.run(["apply", "--filename", "-"], { input, signal: AbortSignal.timeout(timeoutMs) });
  }

  async helm(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, KUBECONFIG: this.kubeconfig };
    const { stdout } = await run(this.#helm, args, { env, maxBuffer: 2 ** 26, timeout: timeoutMs });
    return stdout.trimEnd();
  }

  /** The objects of a kind, such as `scanreports.pawl.dev`, in one namespace or in all; those with a label, such as `app=web`. */
  async list<T>(resource: string, inNamespace?: string, label?: string): Promise<readonly T[]> {
    const where = inNamespace === undefined ? ["--all-namespaces"] : ["--namespace", inNamespace];
    if (label !== undefined) where.push("--selector", label);
    return (JSON.parse(await this.kubectl("get", resource, ...where, "--output", "json")) as { items: T[] }).items;
  }

  async get<T>(resource: string, name: string, inNamespace?: string): Promise<T> {
    const where = inNamespace === undefined ? [] : ["--namespace", inNamespace];
    return JSON.parse(await this.kubectl("get", resource, name, ...where, "--output", "json")) as T;
  }

  /** Name of the Pod that holds the Lease; empty while nobody does. */
  async leader(): Promise<string> {
    return await this.kubectl(
      "get",
      "lease",
      "pawl-operator",
      "--namespace",
      namespace,
      "--output",
      "jsonpath={.spec.holderIdentity}",
    );
  }

  /** What the leader exposes. */
  async metrics(): Promise<readonly Sample[]> {
    const path = `/api/v1/namespaces/${namespace}/pods/${await this.leader()}:8080/proxy/metrics`;
    return parseMetrics(await this.kubectl("get", "--raw", path));
  }

  /** A copy of the kubeconfig for a container that runs as somebody else. */
  async readableKubeconfig(): Promise<string> {
    const copy = `${this.kubeconfig}.readable`;
    await copyFile(this.kubeconfig, copy);
    await chmod(copy, 0o644);
    return copy;
  }
}

/** Waits for something and resolves with it; what was seen last stands in the failure. */
export async function eventually<T>(
  what: string,
  withinMs: number,
  read: () => Promise<T>,
  holds: (seen: T) => boolean,
  everyMs = 500,
): Promise<T> {
  return await until({
    read,
    holds,
    describe: (seen) => `${what}: ${JSON.stringify(seen)?.slice(0, 2_000)}`,
    withinMs,
    signal: new AbortController().signal,
    everyMs,
  });
}
