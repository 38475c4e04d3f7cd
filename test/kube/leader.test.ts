import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Leadership, runAsLeader } from "../../src/kube/leader.ts";
import { readLease } from "../../src/kube/lease-record.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import type { RawObject } from "../../src/kube/object.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, times } from "./fake-api-server.ts";
import { clientOver, transportTo } from "./fake-cluster.ts";
import { FakeObjects } from "./fake-objects.ts";

/** Faster than in production, yet slow enough for a busy machine. */
const TIMING = { leaseMs: 1500, renewDeadlineMs: 1000, renewEveryMs: 20, lookEveryMs: 20 };
const PATIENCE = { timeout: 10_000, interval: 5 };
const PATH = "/apis/coordination.k8s.io/v1/namespaces/pawl/leases/operator";

let server: FakeApiServer;
let objects: FakeObjects;
let transport: HttpTransport;

beforeEach(async () => {
  server = await FakeApiServer.start();
  objects = new FakeObjects();
  server.faults.push(objects.serve);
  transport = transportTo(server.url);
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

interface Candidate {
  readonly result: Promise<string>;
  readonly leading: Promise<Leadership>;
  stop(): void;
}

/** Runs for the Lease, and leads until it is told to stop. */
function candidate(identity: string, lead?: (leadership: Leadership) => Promise<void>): Candidate {
  const stop = new AbortController();
  const leading = Promise.withResolvers<Leadership>();
  const result = runAsLeader(
    {
      client: clientOver(transport).forLease(),
      namespace: "pawl",
      name: "operator",
      identity,
      clock: { now: () => Date.now(), monotonic: () => performance.now(), after: timer },
      random: () => 1,
      logger: silentLogger,
      timing: TIMING,
    },
    async (leadership) => {
      leading.resolve(leadership);
      await (lead?.(leadership) ?? ended(leadership.signal));
    },
    stop.signal,
  );
  return { result, leading: leading.promise, stop: () => stop.abort(new Error("the test is over")) };
}

function timer(ms: number, task: () => void): () => void {
  const running = setTimeout(task, ms);
  return () => clearTimeout(running);
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

const holder = (): string => readLease(objects.byPath.get(PATH) ?? {}).holder;

describe("a leader", () => {
  it("holds the Lease while it leads, and releases it in the end", async () => {
    const one = candidate("one");
    const leadership = await one.leading;
    expect(holder()).toBe("one");
    expect(leadership.held()).toBe(true);
    one.stop();
    expect(await one.result).toBe("stopped");
    expect(holder()).toBe("");
    expect(leadership.signal.aborted).toBe(true);
  });

  it("hands over to a standby that waits", async () => {
    const one = candidate("one");
    await one.leading;
    const two = candidate("two");
    const handedOver = two.leading.then(() => performance.now());
    const stoppedAt = performance.now();
    one.stop();
    expect((await handedOver) - stoppedAt).toBeLessThan(TIMING.leaseMs);
    expect(holder()).toBe("two");
    expect(readLease(objects.byPath.get(PATH) ?? {}).transitions).toBe(1);
    two.stop();
    await two.result;
  });

  it("keeps the Lease until its work has ended", async () => {
    const last = Promise.withResolvers<void>();
    const one = candidate("one", () => last.promise);
    await one.leading;
    one.stop();
    const before = objects.byPath.get(PATH);
    await expect.poll(() => objects.byPath.get(PATH), PATIENCE).not.toBe(before);
    expect(holder()).toBe("one");
    last.resolve();
    expect(await one.result).toBe("stopped");
    expect(holder()).toBe("");
  });

  it("whose work ends by itself releases the Lease", async () => {
    const one = candidate("one", async () => undefined);
    expect(await one.result).toBe("finished");
    expect(holder()).toBe("");
  });

  it("whose work fails releases the Lease, and says so", async () => {
    const one = candidate("one", async () => {
      throw new Error("broken");
    });
    await expect(one.result).rejects.toThrow("broken");
    expect(holder()).toBe("");
  });

  it("steps down when it cannot renew in time", async () => {
    const one = candidate("one");
    const leadership = await one.leading;
    server.faults.unshift((_, response) => {
      response.destroy();
      return true;
    });
    expect(await one.result).toBe("lost");
    expect(leadership.held()).toBe(false);
  });

  it("steps down when the API server accepts requests and answers none", async () => {
    const one = candidate("one");
    await one.leading;
    server.faults.unshift(() => true);
    expect(await one.result).toBe("lost");
  });

  it("steps down when another one has taken the Lease", async () => {
    const one = candidate("one");
    await one.leading;
    const lease = objects.byPath.get(PATH) as { metadata: RawObject; spec: RawObject };
    objects.byPath.set(PATH, {
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: "900" },
      spec: { ...lease.spec, holderIdentity: "two" },
    });
    expect(await one.result).toBe("lost");
    expect(holder()).toBe("two");
  });

  it("keeps the Lease when a renewal arrives but its answer does not", async () => {
    const one = candidate("one");
    const leadership = await one.leading;
    let cuts = 0;
    server.faults.unshift(
      times(
        1,
        ({ method }) => method === "PUT",
        (seen, response) => {
          const write = response.end.bind(response);
          response.end = (() => {
            cuts += 1;
            response.end = write;
            response.destroy();
            return response;
          }) as never;
          void objects.serve(seen, response);
        },
      ),
    );
    const renewed = (): number => server.requests.filter(({ method }) => method === "PUT").length;
    await expect.poll(renewed, PATIENCE).toBeGreaterThan(4);
    expect(cuts).toBe(1);
    expect(leadership.signal.aborted).toBe(false);
    one.stop();
    expect(await one.result).toBe("stopped");
  });

  it("outlives a hiccup shorter than the deadline", async () => {
    const one = candidate("one");
    const leadership = await one.leading;
    server.faults.unshift(
      times(
        3,
        () => true,
        (_, response) => void response.destroy(),
      ),
    );
    const renewed = (): number => server.requests.filter(({ method }) => method === "PUT").length;
    await expect.poll(renewed, PATIENCE).toBeGreaterThan(6);
    expect(leadership.held()).toBe(true);
    one.stop();
    await one.result;
  });
});

describe("a standby", () => {
  it("waits out the Lease of a leader that died, measured on its own clock", async () => {
    objects.byPath.set(PATH, {
      metadata: { name: "operator", namespace: "pawl", resourceVersion: "1" },
      // A renewal in the far future, as a leader with a wrong clock writes it.
      spec: { holderIdentity: "dead", leaseDurationSeconds: 1, renewTime: "2099-01-01T00:00:00.000000Z" },
    });
    const startedAt = performance.now();
    const one = candidate("one");
    await one.leading;
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
    one.stop();
    await one.result;
  });

  it("does not take a Lease that is being renewed", async () => {
    const one = candidate("one");
    await one.leading;
    const two = candidate("two");
    let taken = false;
    void two.leading.then(() => {
      taken = true;
    });
    const looks = (): number => server.requests.filter(({ method }) => method === "GET").length;
    await expect.poll(looks, PATIENCE).toBeGreaterThan(90);
    expect(taken).toBe(false);
    two.stop();
    expect(await two.result).toBe("stopped");
    one.stop();
    await one.result;
  });

  it("of many takes the Lease alone", async () => {
    const all = ["one", "two", "three", "four"].map((identity) => candidate(identity));
    await Promise.race(all.map(({ leading }) => leading));
    expect(server.requests.filter(({ method }) => method === "POST").length).toBeGreaterThanOrEqual(1);
    expect(["one", "two", "three", "four"]).toContain(holder());
    expect(readLease(objects.byPath.get(PATH) ?? {}).transitions).toBe(0);
    for (const one of all) one.stop();
    const results = await Promise.all(all.map(({ result }) => result));
    expect(results).toEqual(["stopped", "stopped", "stopped", "stopped"]);
  });
});
