import { KubeClient } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import { loadClusterConfig } from "../kube/config.ts";
import { silentLogger } from "../kube/logger.ts";
import { HttpTransport } from "../kube/transport.ts";
import { unreadable } from "../notify/unreadable.ts";

/** A person waits for it, and nothing else runs over this connection. */
const rateLimit = { qps: 50, burst: 100 };

/** Where a command finds its cluster; both absent: as kubectl does. */
interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Runs one command's work on a connection of its own. Errors of the connection come out in words for a person. */
export async function withCluster<T>(
  version: string,
  { kubeconfig, context }: ClusterChoice,
  work: (client: KubeClient) => Promise<T>,
): Promise<T> {
  const source = { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
  const config = await loadClusterConfig(source);
  const userAgent = `pawl/${version}`;
  const transport = new HttpTransport({ config, userAgent, clock: systemClock, logger: silentLogger });
  try {
    return await work(new KubeClient({ transport, clock: systemClock, random: Math.random, rateLimit }));
  } catch (error) {
    throw unreadable(error, config.server);
  } finally {
    await transport.close();
  }
}
