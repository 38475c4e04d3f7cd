import type { ApiType } from "../../src/kube/api-type.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { systemClock } from "../../src/kube/clock.ts";
import { loadClusterConfig } from "../../src/kube/config.ts";
import { discover } from "../../src/kube/discovery.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { HttpTransport } from "../../src/kube/transport.ts";

/** The product's own client to an API server, without its limits, and what that serves. */
export interface Connection extends AsyncDisposable {
  readonly client: KubeClient;
  /** By kind name: `Deployment.apps`. */
  readonly types: ReadonlyMap<string, ApiType>;
}

export async function connect(kubeconfig: string): Promise<Connection> {
  const transport = new HttpTransport({
    config: await loadClusterConfig({ kubeconfig }),
    userAgent: "pawl/bench",
    clock: systemClock,
    logger: silentLogger,
  });
  const rateLimit = { qps: 1000, burst: 1000 };
  const client = new KubeClient({ transport, clock: systemClock, random: Math.random, rateLimit });
  const { types } = await discover(client, new AbortController().signal);
  return { client, types, [Symbol.asyncDispose]: () => transport.close() };
}
