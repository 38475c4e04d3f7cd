import { readWithClientNode } from "./client-node-config.ts";
import { type ClusterAccess, type ConfigSource, describeSource } from "./cluster-access.ts";
import { ConfigError } from "./config-error.ts";
import type { CredentialSource } from "./credentials.ts";
import { readPlainKubeconfig } from "./plain-kubeconfig.ts";
import { readServiceAccount } from "./service-account.ts";

export interface ClusterConfig {
  /** Base address without a slash at the end: `https://10.96.0.1:443`. */
  readonly server: string;
  /** Namespace of the context or of the Pod; null where neither names one. */
  readonly namespace: string | null;
  readonly proxyUrl: string | null;
  readonly credentials: CredentialSource;
}

/** Reads the configuration as kubectl does. Throws ConfigError. */
export async function loadClusterConfig(source: ConfigSource): Promise<ClusterConfig> {
  const { server, namespace, proxyUrl, credentials } = await read(source);
  if (!URL.canParse(server)) throw new ConfigError(`${describeSource(source)}: server is no URL: ${server}`);
  return {
    server: server.replace(/\/+$/, ""),
    namespace,
    proxyUrl,
    credentials: credentialSource(source, credentials),
  };
}

/** What is beyond us, or broken, is client-node's: it knows everything that kubectl knows, and says what is wrong. */
async function read(source: ConfigSource): Promise<ClusterAccess> {
  const ours =
    source.kubeconfig === undefined
      ? await readServiceAccount(source)
      : await readPlainKubeconfig(source.kubeconfig, source.context);
  return ours ?? readWithClientNode(source);
}

/** `reload` also forgets what a plugin has answered, and what the file said. */
function credentialSource(source: ConfigSource, first: ClusterAccess["credentials"]): CredentialSource {
  let credentials = first;
  return {
    load: () => credentials(),
    reload: async () => {
      credentials = (await read(source)).credentials;
      return credentials();
    },
  };
}
