import { access, readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { ClusterAccess, ConfigSource } from "./cluster-access.ts";
import { ConfigError } from "./config-error.ts";
import type { Credentials } from "./credentials.ts";

const MOUNTED_AT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * What every Pod with a service account is given. Undefined outside of Pods, and where a kubeconfig comes first: `KUBECONFIG`, or the
 * one in the home folder.
 */
export async function readServiceAccount(
  { env = {}, context }: ConfigSource,
  folder = MOUNTED_AT,
): Promise<ClusterAccess | undefined> {
  const { KUBECONFIG, HOME, KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = env;
  if (KUBECONFIG || host === "" || port === "" || context !== undefined) return undefined;
  if (HOME && (await exists(join(HOME, ".kube", "config")))) return undefined;
  if (!(await exists(join(folder, "token")))) return undefined;
  const namespace = (await exists(join(folder, "namespace"))) ? await readFile(join(folder, "namespace"), "utf8") : "";
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    namespace: namespace.trim() || null,
    proxyUrl: null,
    credentials: () => readCredentials(folder),
  };
}

/** The kubelet renews the token, and the authority may change too. */
async function readCredentials(folder: string): Promise<Credentials> {
  try {
    const token = await readFile(join(folder, "token"), "utf8");
    const ca = await readFile(join(folder, "ca.crt"), "utf8");
    return {
      headers: { authorization: `Bearer ${token.trim()}` },
      tls: { ca, cert: null, key: null, serverName: null, skipVerify: false },
    };
  } catch (cause) {
    throw new ConfigError(`service account: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
