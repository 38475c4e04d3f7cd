import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { ApiClient, ApiStatusError, type ControlPlane } from "../../../tools/control-plane/index.ts";
import { Supervision } from "../../../tools/control-plane/supervision.ts";
import { crdsFolder, served } from "../api/installed-crds.ts";
import {
  type KubectlOptions,
  type KubectlOutput,
  kubectl,
  startIsolatedControlPlane,
  uniqueName,
  waitFor,
} from "../cluster.ts";
import type { Manifest } from "./objects.ts";
import { RunningOperator } from "./running-operator.ts";
import { noteUsedRights } from "./used-rights.ts";

/** Where config/rbac puts the operator. */
const account = { namespace: "pawl-system", serviceAccount: "pawl" };

/** Its name in RBAC and in the audit log. */
export const operatorUser = `system:serviceaccount:${account.namespace}:${account.serviceAccount}`;

/** Little enough to be there always: it tells which rights the operator makes use of. */
const ofTheOperatorOnly = { rules: [{ level: "Metadata", users: [operatorUser] }, { level: "None" }] };

/** What is installed before an operator starts. */
export interface Installation {
  /** Folders of manifests. */
  readonly crds: string;
  readonly rbac: string;
}

const today: Installation = { crds: crdsFolder, rbac: join(import.meta.dirname, "../../../config/rbac") };

export interface BenchOptions {
  /** Default true: an operator runs, and leads, before the first test. */
  readonly operator?: boolean;
  /** Default: today's. */
  readonly installed?: Installation;
  /** Of that operator and of those that take its place. */
  readonly flags?: readonly string[];
  /** Default false. See {@link Bench.audited}. */
  readonly audit?: boolean;
  readonly apiServerFlags?: readonly string[];
  readonly etcdFlags?: readonly string[];
  /** Default false. Whether nothing happens of which an operator may complain in its log: if one did, the file fails at its end. */
  readonly calm?: boolean;
}

/** What a single operator is given that others are not. */
export interface OperatorSurroundings {
  /** Another way to the API server than the bench's own. */
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The file that Node runs; default: today's sources, bundled. */
  readonly program?: string;
}

/** One write or read that the API server has answered. */
export interface AuditEvent {
  readonly verb: string;
  /** `ResponseComplete`; a watch has a `ResponseStarted` before. */
  readonly stage: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  /** When the stage was reached. */
  readonly stageTimestamp: string;
}

/**
 * A control plane with the controller manager, Pawl installed as `config/rbac` and `crds` say, and an operator that works as
 * its own ServiceAccount. What tests do there, they do as administrator.
 */
export class Bench {
  readonly #options: BenchOptions;
  readonly #operators: RunningOperator[] = [];
  #started = 0;
  #plane: ControlPlane | undefined;
  #client: ApiClient | undefined;
  #supervision: Supervision | undefined;
  #kubeconfig: string | undefined;
  #operator: RunningOperator | undefined;

  constructor(options: BenchOptions = {}) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { audit = false, apiServerFlags = [], etcdFlags = [], operator = true } = this.#options;
    this.#plane = await startIsolatedControlPlane({
      apiServerFlags,
      etcdFlags,
      auditPolicy: audit ? "Metadata" : ofTheOperatorOnly,
    });
    this.#client = new ApiClient(this.#plane.admin);
    this.#supervision = await Supervision.launch({}, (exit) => {
      this.#operators.find(({ name }) => name === exit.part)?.sawEnd(exit);
    });
    await this.createNamespace(account.namespace);
    await this.install(this.#options.installed);
    this.#kubeconfig = await this.#plane.kubeconfigFor(account);
    if (!operator) return;
    this.#operator = await this.startOperator();
    await this.#operator.leads();
  }

  async dispose(): Promise<void> {
    await this.#supervision?.end(0);
    if (this.#plane?.auditLog !== undefined) noteUsedRights(this.#plane.auditLog, operatorUser);
    await this.#client?.close();
    await this.#plane?.dispose();
  }

  get plane(): ControlPlane {
    return started(this.#plane);
  }

  /** The operator that runs since the start, or that took its place in {@link restart}. */
  get operator(): RunningOperator {
    return started(this.#operator);
  }

  /** The operator's. */
  get operatorKubeconfig(): string {
    return started(this.#kubeconfig);
  }

  /** Asks the API server as administrator: {@link ApiClient.request}. */
  get request(): ApiClient["request"] {
    const client = started(this.#client);
    return client.request.bind(client);
  }

  /** As administrator unless told otherwise. */
  kubectl(args: readonly string[], options: Omit<KubectlOptions, "kubeconfig"> = {}): Promise<KubectlOutput> {
    return kubectl(args, { ...options, kubeconfig: this.plane.kubeconfig });
  }

  /** One more replica; {@link Bench.operator} stays what it is. It has not asked for the Lease yet. */
  async startOperator(
    flags: readonly string[] = [],
    { kubeconfig = this.operatorKubeconfig, env = {}, program }: OperatorSurroundings = {},
  ): Promise<RunningOperator> {
    this.#started += 1;
    const name = `operator-${this.#started}`;
    const operator = await RunningOperator.start({
      name,
      supervision: started(this.#supervision),
      kubeconfig,
      env,
      ...(program === undefined ? {} : { program }),
      flags: [...(this.#options.flags ?? []), ...flags],
    });
    this.#operators.push(operator);
    return operator;
  }

  /**
   * Ends the operator, does something while there is none, and starts one in its place; resolves when that leads. After
   * SIGKILL this takes as long as the Lease lasts.
   */
  async restart(how: "SIGTERM" | "SIGKILL", meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> {
    await (how === "SIGTERM" ? this.operator.stop() : this.operator.kill());
    await meanwhile();
    this.#operator = await this.startOperator();
    await this.#operator.leads();
  }

  /** Warnings and errors that operators have logged, each once: `error reconcile failed: …`. */
  complaints(): readonly string[] {
    const entries = this.#operators.flatMap((operator) => operator.log().filter(({ level }) => level !== "info"));
    return [...new Set(entries.map(({ level, msg, error }) => `${level} ${msg}: ${error?.message ?? "no error"}`))];
  }

  /** The end of the log of every operator that ran. */
  logTails(): string {
    return this.#operators
      .map((operator) => `--- the end of the log of ${operator.name}\n${operator.logTail()}`)
      .join("\n");
  }

  /** A new namespace with a name of its own. */
  async namespace(prefix: string, labels: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = uniqueName(prefix);
    await this.createNamespace(name, labels);
    return name;
  }

  async createNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.request("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels },
    });
  }

  /** Resolves when it is gone. */
  async deleteNamespace(name: string): Promise<void> {
    await this.request("DELETE", `/api/v1/namespaces/${name}`);
    await waitFor(async () => (await this.find(`/api/v1/namespaces/${name}`)) === undefined, {
      describe: `the end of namespace ${name}`,
    });
  }

  /** Creates, or changes to exactly this (server-side apply). Returns the object as stored. */
  async apply<T = Manifest>(object: Manifest): Promise<T> {
    return await this.request<T>("PATCH", `${pathOf(object)}?fieldManager=pawl-test&force=true`, object, {
      contentType: "application/apply-patch+yaml",
    });
  }

  /** For objects whose name the API server makes. */
  async create<T = Manifest>(object: Manifest): Promise<T> {
    return await this.request<T>("POST", collectionOf(object), object);
  }

  async delete(object: Manifest): Promise<void> {
    await this.request("DELETE", `${pathOf(object)}?propagationPolicy=Background`);
    await waitFor(async () => (await this.find(pathOf(object))) === undefined, {
      describe: `the end of ${pathOf(object)}`,
    });
  }

  /** The object at that path; undefined when there is none. */
  async find<T = Manifest>(path: string): Promise<T | undefined> {
    try {
      return await this.request<T>("GET", path);
    } catch (error) {
      if (error instanceof ApiStatusError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** What the operator has asked so far, oldest first; the bench has to be started with `audit`. */
  audited(): readonly AuditEvent[] {
    return readFileSync(started(this.plane.auditLog), "utf8")
      .trimEnd()
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ user }) => user.username === operatorUser);
  }

  /** CRDs and RBAC, also over those of another release. */
  async install({ crds, rbac }: Installation = today): Promise<void> {
    const { plane } = this;
    for (const file of ["service-account", "operator", "scan"])
      for (const object of loadAll(readFileSync(join(rbac, `${file}.yaml`), "utf8")) as Manifest[])
        await this.apply(object);
    await kubectl(["apply", "--server-side", "--filename", crds], { kubeconfig: plane.kubeconfig });
    await served(plane.kubeconfig, crds);
    await waitFor(() => this.request<{ rules: readonly unknown[] | null }>("GET", `${roles}/pawl-scan`), {
      describe: "the aggregated rules of ClusterRole pawl-scan",
      until: ({ rules }) => (rules ?? []).length > 0,
    });
  }
}

/** A bench for the tests of one file, or of one `describe`. A test that fails shows the end of the operators' logs. */
export function useBench(options: BenchOptions = {}): Bench {
  const bench = new Bench(options);
  beforeAll(async () => {
    try {
      await bench.start();
    } catch (error) {
      console.error(bench.logTails());
      throw error;
    }
  });
  afterAll(async () => {
    try {
      if (options.calm) expect(bench.complaints()).toEqual([]);
    } finally {
      await bench.dispose();
    }
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => console.error(bench.logTails()));
  });
  return bench;
}

const roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";

const irregularPlurals: Readonly<Record<string, string>> = {
  Ingress: "ingresses",
  Policy: "policies",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
};

/** Path of all objects of its kind, in its namespace. */
export function collectionOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${root}${within}/${irregularPlurals[kind] ?? `${kind.toLowerCase()}s`}`;
}

export function pathOf(object: Manifest): string {
  return `${collectionOf(object)}/${object.metadata.name}`;
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("this part of the bench was not started");
  return part;
}
