import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/kube/clock.ts";
import { type Leadership, runAsLeader } from "../../../src/kube/leader.ts";
import { silentLogger } from "../../../src/kube/logger.ts";
import { request, withNamespace } from "../cluster.ts";
import { type Connection, connect } from "./real-cluster.ts";

interface Candidate extends AsyncDisposable {
  readonly leading: Promise<Leadership>;
  readonly result: Promise<string>;
  stop(): void;
}

function candidate(connection: Connection, namespace: string, identity: string): Candidate {
  const stop = new AbortController();
  const leading = Promise.withResolvers<Leadership>();
  const result = runAsLeader(
    {
      client: connection.client.forLease(),
      namespace,
      name: "operator",
      identity,
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
    },
    async (leadership) => {
      leading.resolve(leadership);
      await new Promise<void>((resolve) =>
        leadership.signal.addEventListener("abort", () => resolve(), { once: true }),
      );
    },
    stop.signal,
  );
  const end = (): void => stop.abort(new Error("the test is over"));
  return {
    leading: leading.promise,
    result,
    stop: end,
    [Symbol.asyncDispose]: async () => {
      end();
      await result;
    },
  };
}

const lease = (namespace: string): Promise<{ spec: Record<string, unknown> }> =>
  request("GET", `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/operator`);

describe("leader election on a real API server", () => {
  it("hands over within two seconds of an orderly end", () =>
    withNamespace(async (namespace) => {
      await using first = await connect();
      await using second = await connect();
      await using one = candidate(first, namespace, "one");
      await one.leading;
      await using two = candidate(second, namespace, "two");
      const stoppedAt = performance.now();
      one.stop();
      await two.leading;
      expect(performance.now() - stoppedAt).toBeLessThan(2_000);
      expect(await one.result).toBe("stopped");
      expect((await lease(namespace)).spec).toMatchObject({ holderIdentity: "two", leaseDurationSeconds: 15 });
    }));

  it("takes over within twenty seconds from a leader that is cut off, which has stepped down before", () =>
    withNamespace(async (namespace) => {
      await using first = await connect();
      await using second = await connect();
      await using one = candidate(first, namespace, "one");
      const leadership = await one.leading;
      await using two = candidate(second, namespace, "two");
      const cutAt = performance.now();
      await first.transport.close();
      await two.leading;
      expect(performance.now() - cutAt).toBeLessThan(20_000);
      expect(leadership.held()).toBe(false);
      expect(await one.result).toBe("lost");
    }));
});
