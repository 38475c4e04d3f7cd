import type { KubeConfig } from "@kubernetes/client-node";
import { ConfigError } from "./config-error.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";

/** Where to find the cluster. Without a file: `KUBECONFIG`, `~/.kube/config`, then the Pod's service account. */
export interface ConfigSource {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export interface ClusterConfig {
  /** Base address without a slash at the end: `https://10.96.0.1:443`. */
  readonly server: string;
  /** Namespace of the context or of the Pod; null where neither names one. */
  readonly namespace: string | null;
  readonly proxyUrl: string | null;
  readonly credentials: CredentialSource;
}

/** Address that client-node invents when it finds no configuration at all. */
const INVENTED_SERVER = "http://localhost:8080";

/** Reads the configuration as kubectl does. Throws ConfigError. */
export async function loadClusterConfig(source: ConfigSource): Promise<ClusterConfig> {
  const config = await readKubeConfig(source);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new ConfigError(`${describe(source)}: context ${quote(config.currentContext)} names no cluster`);
  if (cluster.server === INVENTED_SERVER && source.kubeconfig === undefined)
    throw new ConfigError("no cluster is configured: set KUBECONFIG, or run in a Pod with a service account");
  if (!URL.canParse(cluster.server))
    throw new ConfigError(`${describe(source)}: server of cluster ${quote(cluster.name)} is no URL: ${cluster.server}`);
  return {
    server: cluster.server.replace(/\/+$/, ""),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace?.trim() || null,
    proxyUrl: cluster.proxyUrl ?? null,
    credentials: credentialSource(source, config),
  };
}

async function readKubeConfig(source: ConfigSource): Promise<KubeConfig> {
  // Loaded only when a cluster is asked for: the package costs 300 ms and 30 MB.
  const clientNode = await import("@kubernetes/client-node");
  const config = new clientNode.KubeConfig();
  try {
    if (source.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(source.kubeconfig);
  } catch (cause) {
    throw new ConfigError(`${describe(source)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (source.context !== undefined) {
    if (config.getContextObject(source.context) === null)
      throw new ConfigError(`${describe(source)}: there is no context ${quote(source.context)}`);
    config.setCurrentContext(source.context);
  }
  return config;
}

/** client-node re-reads token and certificate files and asks exec plugins; `reload` also forgets what those cached. */
function credentialSource(source: ConfigSource, first: KubeConfig): CredentialSource {
  let config = first;
  return {
    load: () => credentialsOf(config),
    reload: async () => {
      config = await readKubeConfig(source);
      return credentialsOf(config);
    },
  };
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0] = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new ConfigError(
      `credentials of user ${quote(config.getCurrentUser()?.name)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // A token file often ends in a newline, which no header may hold.
    if (typeof value === "string") headers[name.toLowerCase()] = value.trim();
  }
  if (typeof options.auth === "string") headers.authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  return {
    headers,
    tls: {
      ca: pem(options.ca),
      cert: pem(options.cert),
      key: pem(options.key),
      serverName: options.servername ?? null,
      skipVerify: options.rejectUnauthorized === false,
    },
  };
}

function pem(value: unknown): string | null {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString("utf8") : null;
}

function describe(source: ConfigSource): string {
  return source.kubeconfig === undefined ? "Kubernetes configuration" : `kubeconfig ${source.kubeconfig}`;
}

function quote(name: string | undefined): string {
  return JSON.stringify(name ?? "");
}
