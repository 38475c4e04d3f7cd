import type { Credentials } from "./credentials.ts";

/** Where to find the cluster. Without a file: `KUBECONFIG`, `~/.kube/config`, then the Pod's service account. */
export interface ConfigSource {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Variables of the process: where a Pod finds the API server, and whether there is anything else to look at. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A configuration as it was read once. */
export interface ClusterAccess {
  readonly server: string;
  readonly namespace: string | null;
  readonly proxyUrl: string | null;
  /** Re-reads what lies in files of its own, asks plugins. Throws ConfigError. */
  readonly credentials: () => Promise<Credentials>;
}

/** What to call it in a message. */
export function describeSource({ kubeconfig }: ConfigSource): string {
  return kubeconfig === undefined ? "Kubernetes configuration" : `kubeconfig ${kubeconfig}`;
}
