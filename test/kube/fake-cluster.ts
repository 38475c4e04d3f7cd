import { expect, vi } from "vitest";
import { KubeClient } from "../../src/kube/client.ts";
import { type Clock, systemClock } from "../../src/kube/clock.ts";
import type { ClusterConfig } from "../../src/kube/config.ts";
import type { CredentialSource, Credentials } from "../../src/kube/credentials.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { identityOf, type RawObject } from "../../src/kube/object.ts";
import { Reflector, type ReflectorOptions, type ReflectorTiming } from "../../src/kube/reflector.ts";
import { SyncSlots } from "../../src/kube/sync-slots.ts";
import { HttpTransport, type Transport } from "../../src/kube/transport.ts";
import type { CompletedPass, RestartReason, Stale, WatchConsumer } from "../../src/kube/watch-consumer.ts";
import { type FakeApiServer, WIDGET } from "./fake-api-server.ts";

const ANONYMOUS: Credentials = {
  headers: {},
  tls: { ca: null, cert: null, key: null, serverName: null, skipVerify: false },
};

export function staticCredentials(credentials: Credentials = ANONYMOUS): CredentialSource {
  return { load: async () => credentials, reload: async () => credentials };
}

export function transportTo(
  server: string,
  config: Partial<ClusterConfig> = {},
  clock: Clock = systemClock,
): HttpTransport {
  return new HttpTransport({
    config: { server, namespace: null, proxyUrl: null, credentials: staticCredentials(), ...config },
    userAgent: "pawl/test",
    clock,
    logger: silentLogger,
  });
}

export function clientOver(transport: Transport, clock: Clock = systemClock): KubeClient {
  return new KubeClient({ transport, clock, random: () => 0.5, rateLimit: { qps: 10_000, burst: 10_000 } });
}

/** A consumer that keeps what it is told: the objects it believes in, and all calls in order. */
export class RecordingConsumer implements WatchConsumer {
  readonly objects = new Map<string, RawObject>();
  readonly calls: string[] = [];
  readonly stales: Stale[] = [];
  readonly passes: CompletedPass[] = [];
  stale: Stale | null = null;

  onUpsert(object: RawObject, context: { readonly initial: boolean }): void | Promise<void> {
    const { namespace, name } = identityOf(object);
    this.objects.set(`${namespace}/${name}`, object);
    this.calls.push(`upsert ${name}${context.initial ? " initial" : ""}`);
  }

  onDelete(deleted: { readonly namespace: string; readonly name: string; readonly uid: string }): void {
    this.objects.delete(`${deleted.namespace}/${deleted.name}`);
    this.calls.push(`delete ${deleted.name} ${deleted.uid}`);
  }

  onSynced(pass: CompletedPass): void {
    this.passes.push(pass);
    this.calls.push(`synced ${pass.pass} ${pass.objects}`);
  }

  onStale(stale: Stale): void {
    this.stale = stale;
    this.stales.push(stale);
    this.calls.push(`stale ${stale.reason}`);
  }

  onCurrent(): void {
    this.stale = null;
    this.calls.push("current");
  }

  /** Name and version of all objects, to be compared with those of the server. */
  get state(): string[] {
    return stateOf([...this.objects.values()]);
  }
}

export function stateOf(objects: readonly RawObject[]): string[] {
  return objects
    .map(identityOf)
    .map(({ namespace, name, uid, resourceVersion }) => `${namespace}/${name} ${uid} ${resourceVersion}`)
    .sort();
}

export interface RunningReflector extends AsyncDisposable {
  readonly reflector: Reflector;
  readonly restarts: RestartReason[];
}

/** Timing for tests: as in production, only faster. */
export const FAST: ReflectorTiming = {
  watchSeconds: 300,
  silenceMs: 60_000,
  bookmarkWaitMs: 60_000,
  backoffBaseMs: 10,
  backoffCapMs: 50,
  steadyMs: 60_000,
};

export function reflect(
  client: KubeClient,
  consumer: WatchConsumer,
  options: Partial<ReflectorOptions> = {},
): RunningReflector {
  const restarts: RestartReason[] = [];
  const stop = new AbortController();
  const reflector = new Reflector({
    client,
    type: WIDGET,
    consumer,
    slots: new SyncSlots(4),
    clock: systemClock,
    random: () => 0.5,
    logger: silentLogger,
    metrics: { restart: (_, reason) => restarts.push(reason), activity: () => undefined },
    ...options,
    timing: { ...FAST, ...options.timing },
  });
  const running = reflector.run(stop.signal);
  return {
    reflector,
    restarts,
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error("the test is over"));
      await running;
    },
  };
}

/** The consumer believes exactly what a fresh scan would find, and knows that it may; after at least so many passes. */
export function converged(server: FakeApiServer, consumer: RecordingConsumer, passes = 1): Promise<void> {
  return eventually(() => {
    expect(consumer.stale).toBeNull();
    expect(consumer.passes.length).toBeGreaterThanOrEqual(passes);
    expect(consumer.state).toEqual(stateOf(server.objects));
  });
}

/** Waits until the assertions hold. */
export function eventually(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { timeout: 10_000, interval: 5 });
}

export function until(condition: () => boolean): Promise<void> {
  return eventually(() => expect(condition()).toBe(true));
}
