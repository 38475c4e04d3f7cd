import type { KubeConfig } from "@kubernetes/client-node";
import { type ClusterAccess, type ConfigSource, describeSource } from "./cluster-access.ts";
import { ConfigError } from "./config-error.ts";
import type { Credentials } from "./credentials.ts";

/** Address that client-node invents when it finds no configuration at all. */
const INVENTED_SERVER = "http://localhost:8080";

/** Reads whatever kubectl reads: several files, exec plugins, auth providers. Throws ConfigError. */
export async function readWithClientNode(source: ConfigSource): Promise<ClusterAccess> {
  const config = await loadKubeConfig(source);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new ConfigError(`${describeSource(source)}: context ${quote(config.currentContext)} names no cluster`);
  if (cluster.server === INVENTED_SERVER && source.kubeconfig === undefined)
    throw new ConfigError("no cluster is configured: set KUBECONFIG, or run in a Pod with a service account");
  return {
    server: cluster.server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace?.trim() || null,
    proxyUrl: cluster.proxyUrl ?? null,
    credentials: () => credentialsOf(config),
  };
}

async function loadKubeConfig(source: ConfigSource): Promise<KubeConfig> {
  // Loaded only where it is needed: the package costs 300 ms, and 35 MiB for as long as the process lives.
  const clientNode = await import("@kubernetes/client-node");
  const config = new clientNode.KubeConfig();
  try {
    if (source.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(source.kubeconfig);
  } catch (cause) {
    throw new ConfigError(`${describeSource(source)}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (source.context !== undefined) {
    if (config.getContextObject(source.context) === null)
      throw new ConfigError(`${describeSource(source)}: there is no context ${quote(source.context)}`);
    config.setCurrentContext(source.context);
  }
  return config;
}

/** client-node re-reads token and certificate files, and asks an exec plugin when its answer has expired. */
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

function quote(name: string | undefined): string {
  return JSON.stringify(name ?? "");
}
