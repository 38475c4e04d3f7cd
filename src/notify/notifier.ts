import type { ApiType } from "../kube/api-type.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock, Random } from "../kube/clock.ts";
import { EventRecorder } from "../kube/events.ts";
import type { Leadership } from "../kube/leader.ts";
import type { Logger } from "../kube/logger.ts";
import { Reflector } from "../kube/reflector.ts";
import { SyncSlots } from "../kube/sync-slots.ts";
import type { ReflectorMetrics, WatchConsumer } from "../kube/watch-consumer.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { collectDigest } from "./collect-digest.ts";
import type { CataloguedRule } from "./digest/request.ts";
import { Dispatcher } from "./dispatcher.ts";
import { policyType, reportTypes } from "./own-types.ts";
import type { Sinks } from "./sinks/index.ts";
import type { SinkIo } from "./sinks/sink-io.ts";
import { SubscriptionController, subscriptionType } from "./subscription/controller.ts";
import { PolicyFactsBook } from "./subscription/policy-facts.ts";
import { ReportBook } from "./subscription/report-book.ts";
import { SecretReader } from "./subscription/secrets.ts";
import { SubscriptionBook } from "./subscription/subscription-book.ts";

export interface NotifierOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Name of this replica, in Events. */
  readonly identity: string;
  readonly leadership: Leadership;
  /** The operator's own, in which Secrets are. */
  readonly namespace: string;
  readonly clusterName: string;
  /** Secrets that subscriptions may name; empty: any that RBAC allows. */
  readonly reportSecrets: readonly string[];
  readonly sinks: Sinks;
  readonly io: SinkIo;
  /** Title and severity of every rule. */
  readonly catalogue: ReadonlyMap<string, CataloguedRule>;
}

/** Delivers what ReportSubscriptions ask for, for as long as this replica leads. Never rejects. */
export async function runNotifier(options: NotifierOptions): Promise<void> {
  const { client, clock, random, logger, metrics, leadership, namespace, catalogue } = options;
  const { signal } = leadership;
  const book = new SubscriptionBook();
  const policies = new PolicyFactsBook(catalogue);
  const reports = new ReportBook(catalogue);
  const slots = new SyncSlots();
  const watchMetrics: ReflectorMetrics = {
    restart: (kind, reason) => metrics.watchRestarts.increment({ kind, reason }),
    activity: (kind) => metrics.watchLastActivity.set({ kind }, clock.now() / 1000),
  };
  const follow = (type: ApiType, consumer: Pick<WatchConsumer, "onUpsert" | "onDelete">, onSynced: () => void) =>
    new Reflector({
      client,
      type,
      slots,
      clock,
      random,
      logger,
      metrics: watchMetrics,
      consumer: { ...consumer, onSynced, onStale: () => undefined, onCurrent: () => undefined },
    });
  const touchAll = () => {
    for (const name of book.names()) controller.touch(name);
  };
  const touchImmediate = () => {
    for (const name of book.immediate()) controller.touch(name);
  };
  const reportReflectors = [reportTypes.reports, reportTypes.clusterReports].map(({ type }) =>
    follow(
      type,
      {
        onUpsert: (object, { initial }) => {
          reports.upsert(object, initial);
          if (!initial) touchImmediate();
        },
        onDelete: (key) => reports.delete(key),
      },
      touchImmediate,
    ),
  );
  const policyReflector = follow(
    policyType,
    {
      onUpsert: (object, { initial }) => {
        policies.upsert(object);
        if (!initial) touchAll();
      },
      onDelete: ({ name }) => policies.delete(name),
    },
    touchAll,
  );
  const isSynced = () => [policyReflector, ...reportReflectors].every(({ status }) => status.synced);
  const secrets = new SecretReader({ client, namespace, allowed: options.reportSecrets });
  const recorder = new EventRecorder({
    client,
    controller: "pawl.dev/notifier",
    instance: options.identity.slice(0, 128),
    clock,
    // All of ours pass the limits.
    onSuppressed: () => undefined,
  });
  const controller: SubscriptionController = new SubscriptionController({
    client,
    clock,
    random,
    logger,
    metrics,
    leadership,
    recorder,
    book,
    secrets,
    dispatcher: new Dispatcher({
      cluster: options.clusterName,
      sinks: options.sinks,
      secrets,
      io: options.io,
      catalogue,
      collectDigest: (request, stop) => collectDigest(client, request, stop),
    }),
    happenings: () =>
      isSynced() ? { all: [...reports.changes(), ...policies.adoptions()], arrived: reports.arrived } : undefined,
    scannedAt: (filter) => (policyReflector.status.synced ? policies.scannedAt(filter) : undefined),
  });
  // Reports are large, and nobody needs to follow them until somebody wants to hear of changes at once.
  const wanted = Promise.withResolvers<void>();
  const subscriptions = follow(
    subscriptionType,
    {
      onUpsert: (object) => {
        const { name } = book.upsert(object);
        if (book.immediate().length > 0) wanted.resolve();
        controller.touch(name);
      },
      onDelete: ({ name, uid }) => {
        book.delete(name);
        controller.forget(name, uid);
      },
    },
    () => undefined,
  );
  signal.addEventListener("abort", () => wanted.resolve(), { once: true });
  const followReports = async () => {
    await wanted.promise;
    await Promise.all(reportReflectors.map((reflector) => reflector.run(signal)));
  };
  await Promise.all([subscriptions.run(signal), policyReflector.run(signal), followReports(), controller.run(signal)]);
  recorder.close();
}
