import type { ApiType } from "../../../src/kube/api-type.ts";
import { KubeClient } from "../../../src/kube/client.ts";
import { systemClock } from "../../../src/kube/clock.ts";
import { loadClusterConfig } from "../../../src/kube/config.ts";
import { silentLogger } from "../../../src/kube/logger.ts";
import { HttpTransport } from "../../../src/kube/transport.ts";
import { cluster, request } from "../cluster.ts";

export const CONFIG_MAP: ApiType = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
export const NAMESPACE: ApiType = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};
export const DEPLOYMENT: ApiType = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
};

export interface Connection extends AsyncDisposable {
  readonly client: KubeClient;
  readonly transport: HttpTransport;
}

/** A client of ours to a real API server; as the administrator unless told otherwise. */
export async function connect(kubeconfig = cluster.kubeconfig): Promise<Connection> {
  const transport = new HttpTransport({
    config: await loadClusterConfig({ kubeconfig }),
    userAgent: "pawl/test",
    clock: systemClock,
    logger: silentLogger,
  });
  const client = new KubeClient({
    transport,
    clock: systemClock,
    random: Math.random,
    rateLimit: { qps: 1000, burst: 1000 },
  });
  return { client, transport, [Symbol.asyncDispose]: () => transport.close() };
}

export function configMap(namespace: string, name: string, data: Record<string, string> = {}): Record<string, unknown> {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, data };
}

/** A kubeconfig of a fresh service account that may do nothing yet. */
export async function serviceAccount(namespace: string, name: string): Promise<{ readonly token: string }> {
  await request("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  const answer = await request<{ status: { token: string } }>(
    "POST",
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
  );
  return { token: answer.status.token };
}
