import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, request as httpRequest } from "undici";
import { type ApiAccess, ApiClient } from "./api-client.ts";
import type { Binaries } from "./binaries.ts";
import { type Authority, createAuthority, createTokenKeys } from "./certificates.ts";
import {
  type AuditPolicy,
  apiServerArgs,
  controllerManagerArgs,
  etcdArgs,
  writeAuditFiles,
  writeCredentials,
} from "./components.ts";
import { findBinaries } from "./find-binaries.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { type Part, type PartSpec, PortTakenError, SupervisedPart } from "./part.ts";
import { freePort } from "./ports.ts";
import { type Say, sayOnStderr } from "./progress.ts";
import { Supervision } from "./supervision.ts";

export interface ControlPlaneOptions {
  /** Default true. Without it: no service accounts, so no Pods; no ReplicaSets, no garbage collection, no namespace deletion. */
  readonly controllerManager?: boolean;
  /** Default: no audit log. */
  readonly auditPolicy?: AuditPolicy;
  /** Default false: etcd does not wait for the disk. */
  readonly durable?: boolean;
  /** An absent or empty folder for everything; it stays after dispose. Default: a temporary one, which goes. */
  readonly dir?: string;
  /** Appended to the API server's command line: `--feature-gates=WatchList=false`. */
  readonly apiServerFlags?: readonly string[];
  /** Appended to etcd's command line: `--quota-backend-bytes=33554432`. */
  readonly etcdFlags?: readonly string[];
  /** Takes lines about progress and about parts that end by themselves. Default: stderr. */
  readonly onLog?: Say;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ServiceAccountKubeconfigOptions {
  readonly serviceAccount: string;
  readonly namespace: string;
  /** Default 24 hours. */
  readonly expirationSeconds?: number;
}

export interface ControlPlane extends AsyncDisposable {
  /** What the server says it is: `1.36.3`. */
  readonly version: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** The administrator's (group system:masters, by client certificate). */
  readonly kubeconfig: string;
  readonly admin: ApiAccess;
  readonly binaries: Binaries;
  /** Everything of this control plane: logs, data, credentials. */
  readonly dir: string;
  /** One JSON `audit.k8s.io/v1` Event a line; undefined without an audit policy. */
  readonly auditLog: string | undefined;
  readonly etcd: Part;
  readonly apiServer: Part;
  /** The process that ends the parts when this one dies. */
  readonly supervisorPid: number;
  /** Undefined when it was not asked for. */
  readonly controllerManager: Part | undefined;
  /** Asks the API server for a token of an existing service account; resolves with the path of its kubeconfig. */
  kubeconfigFor(options: ServiceAccountKubeconfigOptions): Promise<string>;
  /** Ends all processes and removes all files (of a folder given by the caller: none). Again is no error. */
  dispose(): Promise<void>;
}

const PORT_TRIES = 5;

/**
 * Starts a real control plane and resolves when it serves: the API server is ready, the namespace `default` is
 * there, and with a controller manager its service account too.
 * When the calling process dies, by whatever signal, everything is ended and removed.
 * @throws UnsupportedVersionError, BinariesUnavailableError, PartFailedError
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { dir, env = process.env, onLog: say = sayOnStderr } = options;
  if (dir !== undefined && existsSync(dir) && readdirSync(dir).length > 0)
    throw new Error(`${dir} is not empty: a control plane needs an absent or empty folder`);
  const { binaries } = await findBinaries(env, say);
  if (dir !== undefined) mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (let tried = 1; ; tried++) {
    const parts = new Map<string, SupervisedPart>();
    const supervision = await Supervision.launch(dir === undefined ? {} : { dir }, (exit) =>
      parts.get(exit.part)?.exited(exit),
    );
    try {
      return await launch({ options, binaries, supervision, parts, say });
    } catch (error) {
      for (const part of parts.values()) part.expectExit();
      await supervision.end(0);
      // A kept folder holds data that names the old ports, so it is left for the caller to look at.
      if (!(error instanceof PortTakenError) || tried === PORT_TRIES || dir !== undefined) throw error;
      say(`${error.message}; trying other ports`);
    }
  }
}

interface Launch {
  readonly options: ControlPlaneOptions;
  readonly binaries: Binaries;
  readonly supervision: Supervision;
  readonly parts: Map<string, SupervisedPart>;
  readonly say: Say;
}

async function launch({ options, binaries, supervision, parts, say }: Launch): Promise<ControlPlane> {
  const { dir } = supervision;
  const authority = await createAuthority();
  const files = await issueFiles(dir, authority);
  const [clientPort, peerPort, apiPort, controllerPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const server = `https://127.0.0.1:${apiPort}`;
  const admin = await accessOf(authority, server, "pawl-admin", "system:masters");
  const kubeconfig = join(dir, "kubeconfig");
  writeKubeconfig(kubeconfig, "pawl-admin", admin);
  const client = new ApiClient(admin);

  const part = (spec: Omit<PartSpec, "logFile">): SupervisedPart => {
    const made = new SupervisedPart({ ...spec, logFile: join(dir, `${spec.name}.log`) }, supervision, say);
    parts.set(spec.name, made);
    return made;
  };

  const etcd = part({
    name: "etcd",
    command: binaries.etcd,
    args: etcdArgs({
      dataDir: join(dir, "etcd"),
      clientPort,
      peerPort,
      durable: options.durable ?? false,
      extraFlags: options.etcdFlags ?? [],
    }),
    port: clientPort,
    probe: () => probe(`http://127.0.0.1:${clientPort}/health`),
  });
  const audit = options.auditPolicy === undefined ? undefined : writeAuditFiles(dir, options.auditPolicy);
  const apiServer = part({
    name: "kube-apiserver",
    command: binaries["kube-apiserver"],
    args: apiServerArgs({
      port: apiPort,
      etcdPort: clientPort,
      files,
      ...(audit === undefined ? {} : { audit }),
      extraFlags: options.apiServerFlags ?? [],
    }),
    port: apiPort,
    probe: async () => {
      await client.request("GET", "/readyz", undefined, { timeoutMs: 2_000 });
      await client.request("GET", "/api/v1/namespaces/default", undefined, { timeoutMs: 2_000 });
    },
  });
  await etcd.start();
  await apiServer.start();
  const controllerManager =
    (options.controllerManager ?? true)
      ? part({
          name: "kube-controller-manager",
          command: binaries["kube-controller-manager"],
          args: controllerManagerArgs({
            port: controllerPort,
            kubeconfig: await controllerKubeconfig(dir, authority, server),
            files,
          }),
          port: controllerPort,
          probe: () => probe(`https://127.0.0.1:${controllerPort}/healthz`, authority.certificate),
        })
      : undefined;
  if (controllerManager !== undefined) {
    await controllerManager.start();
    await until(() => client.request("GET", "/api/v1/namespaces/default/serviceaccounts/default"), 60_000);
  }

  const { gitVersion } = await client.request<{ gitVersion: string }>("GET", "/version");

  const dispose = async () => {
    for (const each of parts.values()) each.expectExit();
    await client.close();
    // Data in a temporary folder is thrown away, so nothing is gained by waiting for an orderly end.
    await supervision.end(options.dir === undefined ? 0 : 4_000);
  };

  return {
    version: gitVersion.replace(/^v/, ""),
    server,
    kubeconfig,
    admin,
    binaries,
    dir,
    auditLog: audit?.logFile,
    etcd,
    apiServer,
    controllerManager,
    supervisorPid: supervision.pid,
    kubeconfigFor: async ({ serviceAccount, namespace, expirationSeconds = 86_400 }) => {
      const answer = await client.request<{ status: { token: string } }>(
        "POST",
        `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
        { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds } },
      );
      const folder = join(dir, "kubeconfigs");
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${namespace}_${serviceAccount}`);
      const access = { server, authority: authority.certificate, token: answer.status.token };
      writeKubeconfig(path, `${namespace}-${serviceAccount}`, access, namespace);
      return path;
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

async function issueFiles(dir: string, authority: Authority) {
  const serving = await authority.issueServer({ commonName: "pawl-control-plane" });
  const tokens = createTokenKeys();
  return writeCredentials(join(dir, "credentials"), {
    authority: authority.certificate,
    serverCertificate: serving.certificate,
    serverKey: serving.key,
    tokenPrivateKey: tokens.privateKey,
    tokenPublicKey: tokens.publicKey,
  });
}

async function accessOf(
  authority: Authority,
  server: string,
  commonName: string,
  organization?: string,
): Promise<ApiAccess> {
  const pair = await authority.issueClient(organization === undefined ? { commonName } : { commonName, organization });
  return { server, authority: authority.certificate, clientCertificate: pair.certificate, clientKey: pair.key };
}

async function controllerKubeconfig(dir: string, authority: Authority, server: string): Promise<string> {
  const user = "system:kube-controller-manager";
  const path = join(dir, "credentials", "controller-manager.kubeconfig");
  writeKubeconfig(path, user, await accessOf(authority, server, user));
  return path;
}

/** Resolves when the address answers 200 within two seconds. */
async function probe(url: string, ca?: string): Promise<void> {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  try {
    const answer = await httpRequest(url, { dispatcher, signal: AbortSignal.timeout(2_000) });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode}`);
  } finally {
    await dispatcher.destroy();
  }
}

async function until(condition: () => Promise<unknown>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await condition();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(50);
  }
}
