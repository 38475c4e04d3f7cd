/**
 * One fault of the API server or of the connection to it, and what has to come of it each time: the state is that of a fresh
 * scan, nothing that exists was taken for gone, it took no longer and no more requests than promised, and the metric that the
 * name of the test promises has moved. docs/operations.md lists these names.
 */
import { expect, it, vi } from "vitest";
import { KubeClient } from "../../../src/kube/client.ts";
import type { Clock } from "../../../src/kube/clock.ts";
import type { ClusterConfig } from "../../../src/kube/config.ts";
import { silentLogger } from "../../../src/kube/logger.ts";
import { identityOf } from "../../../src/kube/object.ts";
import { Reflector } from "../../../src/kube/reflector.ts";
import { SyncSlots } from "../../../src/kube/sync-slots.ts";
import type { HttpTransport } from "../../../src/kube/transport.ts";
import type { ReflectorMetrics, StaleReason } from "../../../src/kube/watch-consumer.ts";
import { createMetrics, type Metrics } from "../../../src/telemetry/metrics.ts";
import { parseMetrics, type Sample, select } from "../../../tools/demo/metrics.ts";
import { FakeApiServer, type FakeServerOptions, isInitial, refuse, WIDGET } from "../fake-api-server.ts";
import { RecordingConsumer, stateOf, transportTo } from "../fake-cluster.ts";
import { hurriedClock } from "./hurried-clock.ts";
import { type Shown, shownBy } from "./shown-by.ts";

export interface Bounds {
  /** Seconds from the fault to a state that can be trusted, with the timeouts and pauses of production. */
  readonly withinSeconds: number;
  /** Requests that the server may see in this time. */
  readonly requests: number;
}

export interface Scene {
  /** Default: WatchList. In pages of 500 of what the scene holds, 1,200 objects. */
  readonly listing?: "watch" | "pages";
  readonly server?: FakeServerOptions;
  /** How the server is reached, once it runs. */
  readonly connect?: (server: FakeApiServer) => Promise<Partial<ClusterConfig>>;
}

/** A reflector with production's timing on a hurried clock, its consumer, and the fake that it watches. */
export interface Ground {
  readonly server: FakeApiServer;
  readonly consumer: WaryConsumer;
  readonly reflector: Reflector;
  readonly clock: Clock;
}

/** A test of one fault. `strike` makes it happen to a watch that is in order, and changes the cluster meanwhile. */
export function fault(
  name: string,
  bounds: Bounds,
  strike: (ground: Ground) => void | Promise<void>,
  scene: Scene = {},
): void {
  it.concurrent(name, async () => {
    const shown = shownBy(name);
    const clock = hurriedClock();
    const metrics = createMetrics({ version: "test", cluster: "test" });
    await using open = await openGround(scene, clock, metrics);
    const { server, consumer, reflector } = open;
    await eventually(() => believes(server, consumer, reflector));
    const struckAt = clock.monotonic();
    const requests = server.requests.length;
    const before = await reading(metrics, shown);

    await strike(open);
    await eventually(async () => {
      expect(await reading(metrics, shown), shown.metric).toBeGreaterThan(before);
      believes(server, consumer, reflector);
    });

    const uids = new Set(server.objects.map((object) => identityOf(object).uid));
    expect(consumer.gone.filter((uid) => uids.has(uid))).toEqual([]);
    expect(server.requests.length - requests).toBeLessThanOrEqual(bounds.requests);
    expect((clock.monotonic() - struckAt) / 1000).toBeLessThanOrEqual(bounds.withinSeconds);
  });
}

/** The API server of every fault in pages: it refuses WatchList, as one before 1.34 does. */
export function refusesWatchList(server: FakeApiServer): void {
  server.faults.push((seen, response) => isInitial(seen) && refuse(response, 422, "Invalid", "sendInitialEvents"));
}

/** Tells all watches that their history is forgotten, so that everything is listed again. */
export function expireHistory(server: FakeApiServer): void {
  server.compact();
  server.sendLine('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}');
}

/** A watch that ends before it has lasted a second counts as broken. */
export async function untilLasting(clock: Clock): Promise<void> {
  const since = clock.monotonic();
  await eventually(() => expect(clock.monotonic() - since).toBeGreaterThan(1_500));
}

/** One is made, one changed, one deleted, and no watch hears of it. */
export function changeUnheard(server: FakeApiServer): void {
  server.silent = true;
  server.put("davit");
  server.put("anchor", { changed: true });
  server.remove("bollard");
  server.silent = false;
}

export function reflectorMetrics(metrics: Metrics, clock: Clock): ReflectorMetrics {
  return {
    restart: (kind, reason) => metrics.watchRestarts.increment({ kind, reason }),
    activity: (kind) => metrics.watchLastActivity.set({ kind }, clock.now() / 1000),
  };
}

/** The series that fit. */
export async function samplesOf(metrics: Metrics, { metric, labels }: Shown): Promise<readonly Sample[]> {
  let exposition = "";
  for await (const piece of metrics.exposition()) exposition += piece;
  return select(parseMetrics(exposition), metric, labels);
}

async function reading(metrics: Metrics, shown: Shown): Promise<number> {
  return (await samplesOf(metrics, shown)).reduce((sum, { value }) => sum + value, 0);
}

export function eventually(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { timeout: 30_000, interval: 5 });
}

/** A consumer that remembers also whom it was told to be gone. */
class WaryConsumer extends RecordingConsumer {
  readonly gone: string[] = [];

  /** Resolves when it was told that its state may lag behind, and why. */
  untilStale(reason: StaleReason): Promise<void> {
    return eventually(() => expect(this.stale?.reason).toBe(reason));
  }

  override onDelete(deleted: { readonly namespace: string; readonly name: string; readonly uid: string }): void {
    super.onDelete(deleted);
    this.gone.push(deleted.uid);
  }
}

async function openGround(scene: Scene, clock: Clock, metrics: Metrics): Promise<Ground & AsyncDisposable> {
  const server = await FakeApiServer.start(scene.server);
  for (const name of ["anchor", "bollard", "capstan"]) server.put(name);
  if (scene.listing === "pages") {
    refusesWatchList(server);
    for (let i = 0; i < 1_200; i++) server.put(`widget-${i}`);
  }
  const transport: HttpTransport = transportTo(server.url, await scene.connect?.(server), clock);
  const client = new KubeClient({ transport, clock, random: Math.random, rateLimit: { qps: 1_000, burst: 1_000 } });
  const consumer = new WaryConsumer();
  const stop = new AbortController();
  const reflector = new Reflector({
    client,
    type: WIDGET,
    consumer,
    slots: new SyncSlots(),
    clock,
    random: Math.random,
    logger: silentLogger,
    metrics: reflectorMetrics(metrics, clock),
  });
  const running = reflector.run(stop.signal);
  return {
    server,
    consumer,
    reflector,
    clock,
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error("the test is over"));
      await running;
      await transport.close();
      await server.close();
    },
  };
}

/** What a fresh scan would find, and the knowledge that it may be relied upon. */
function believes(server: FakeApiServer, consumer: RecordingConsumer, reflector: Reflector): void {
  expect(reflector.status.stale).toBeNull();
  expect(consumer.stale).toBeNull();
  expect(consumer.state).toEqual(stateOf(server.objects));
}
