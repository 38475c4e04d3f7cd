import type { Transition } from "../engine/ledger/stored.ts";
import type { OwnershipSettings } from "../engine/ownership/ownership.ts";
import type { KubeClient } from "../kube/client.ts";
import { type Clock, type Random, sleep } from "../kube/clock.ts";
import { EventRecorder } from "../kube/events.ts";
import type { Leadership } from "../kube/leader.ts";
import type { Logger } from "../kube/logger.ts";
import { SyncSlots } from "../kube/sync-slots.ts";
import type { ReflectorMetrics } from "../kube/watch-consumer.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { Announcer, adoptionNews, statusNews } from "./announcer.ts";
import { ClusterWatch } from "./cluster-watch.ts";
import { parseLedgerKey } from "./ledger-key.ts";
import { exposeLedger, exposePolicy } from "./ledger-metrics.ts";
import { LedgerStore } from "./ledger-store.ts";
import { type LedgerResult, Ledgers } from "./ledgers.ts";
import type { PolicyBook } from "./policy-book.ts";
import { PolicyReporter } from "./policy-reporter.ts";
import type { PolicyRun } from "./policy-run.ts";
import { Scanner } from "./scanner.ts";
import { World } from "./world.ts";

export interface LeadOptions {
  readonly client: KubeClient;
  readonly book: PolicyBook;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly watchMetrics: ReflectorMetrics;
  readonly ownership: OwnershipSettings;
  /** Name of this replica, in Events. */
  readonly identity: string;
  readonly leadership: Leadership;
  readonly alongside?: (leadership: Leadership) => Promise<void>;
  /** Told once the scanner can take changes of policies. */
  readonly onScanner: (scanner: Scanner) => void;
}

/** Everything that only the leader does; ends when leadership does. Rejects if what it needs at the start cannot be had. */
export async function lead(options: LeadOptions): Promise<void> {
  const { client, book, clock, random, logger, metrics, watchMetrics, leadership, identity } = options;
  const { signal } = leadership;
  const slots = new SyncSlots();
  const runs = new Map<string, PolicyRun>();

  const recorder = new EventRecorder({
    client,
    controller: "pawl.dev/operator",
    instance: identity.slice(0, 128),
    clock,
    onSuppressed: () => tellSuppressed(),
  });
  const store: LedgerStore = new LedgerStore({
    client,
    slots,
    clock,
    random,
    logger,
    metrics: watchMetrics,
    onForeignChange: (key) => {
      const { policy, namespace } = parseLedgerKey(key);
      ledgers.touch(policy, namespace);
    },
  });
  const watch: ClusterWatch = new ClusterWatch({
    client,
    clock,
    random,
    logger,
    metrics,
    watchMetrics,
    slots,
    ownership: options.ownership,
    policies: () => book.inForce(),
    listener: {
      onChange: (change) => scanner.onChange(change),
      onKindCurrent: (kind) => scanner.onKindCurrent(kind),
      onReadLate: (kind) => scanner.onReadLate(kind),
      onNamespace: (before, after) => scanner.onNamespace(before, after),
      onNamespaceGone: (name) => scanner.onNamespaceGone(name),
      onDiscoveryStale: () => scanner.onDiscoveryStale(),
    },
  });
  const world = new World({ book, watch, store, runs });
  const announcer = new Announcer({ recorder, watch, metrics, logger });
  const ledgers: Ledgers = new Ledgers({
    client,
    store,
    world,
    clock,
    random,
    logger,
    mayWrite: () => leadership.held(),
    onDepth: (depth) => metrics.queueDepth.set({}, depth),
    onWrite: (outcome) => metrics.reportWrites.increment({ outcome }),
    onStepped: stepped,
    onRetired: (key) => {
      const { policy, namespace } = parseLedgerKey(key);
      runs.get(policy)?.tally.delete(namespace);
      runs.get(policy)?.adoptions.forget(namespace);
      metrics.violationSeries.remove(policy, namespace);
      reporter.touch(policy);
    },
    onFailure: (key) => {
      const { policy, namespace } = parseLedgerKey(key);
      runs.get(policy)?.tally.failed(namespace);
      reporter.touch(policy);
    },
    onDeadline: (policy, at) => scanner.wakeAt(policy, at),
  });
  const reporter: PolicyReporter = new PolicyReporter({
    client,
    book,
    clock,
    random,
    logger,
    mayWrite: () => leadership.held(),
    facts: ({ object }) => {
      const run = runs.get(object.name);
      // Until everything was judged once, what an earlier leader wrote stands.
      const known = run?.isJudged && run.lastScanTime !== undefined;
      return {
        coverage: run?.coverage,
        failures: known ? run.tally.failures : undefined,
        summary: known ? run.tally.summary : undefined,
        rules: known ? run.tally.rules : undefined,
        baselineTakenAt: known ? world.baselineTakenAt(object.name) : undefined,
        lastScanTime: run?.lastScanTime,
        nextScanTime: run?.nextScanTime,
        handledScanRequest: run?.handledScanRequest,
        adoptions: run?.told ?? [],
      };
    },
    onLook: ({ object }) => {
      const run = runs.get(object.name);
      if (run !== undefined) exposePolicy(metrics, run);
    },
    onStored: async ({ object }, before, after, stop) => {
      for (const news of statusNews(before, after, object.generation, client.serverTime()))
        await announcer.policy(object, news, stop);
    },
  });
  const scanner: Scanner = new Scanner({
    client,
    clock,
    logger,
    metrics,
    book,
    runs,
    store,
    watch,
    world,
    ledgers,
    reporter,
    onRestored: async ({ object }, stop) => {
      // The leader that stored them may have ended before it sent the Event; one that was sent is there already.
      for (const news of adoptionNews(object.status?.adoptions, client.serverTime()))
        await announcer.policy(object, news, stop);
    },
  });

  async function stepped(result: LedgerResult, stop: AbortSignal): Promise<readonly Transition[]> {
    const { policy, namespace, step, now, news } = result;
    const run = runs.get(policy.name);
    const object = book.get(policy.name)?.object;
    if (run === undefined || object === undefined) return [];
    run.tally.set(namespace, step);
    const { firstPasses } = step.memory;
    run.adoptions.look(namespace, step.baseline?.rules ?? new Map(), firstPasses.size > 0, clock.monotonic());
    exposeLedger(metrics, result);
    reporter.touch(policy.name);
    if (news.restored)
      await announcer.policy(
        object,
        {
          reason: "BaselineRestored",
          note: `The baseline of ${namespace === "" ? "cluster-scoped resources" : namespace} was lost and was taken from its report`,
          key: JSON.stringify([namespace, step.report.changedAt]),
        },
        stop,
      );
    return announcer.transitions(policy.name, namespace, news, now, stop);
  }

  function tellSuppressed(): void {
    for (const [name, count] of announcer.takeHeld()) {
      const object = book.get(name)?.object;
      if (object === undefined) continue;
      const note = `${count} Events were held back in the last minute; the reports hold every change`;
      void announcer.policy(object, { reason: "EventsSuppressed", note, key: `${client.serverTime()}` }, signal);
    }
  }

  if (!(await untilDone(clock, logger, signal, () => watch.rediscover(signal)))) return;
  // Whatever ends the scanner ends all that works for it.
  const ending = new AbortController();
  const working = AbortSignal.any([signal, ending.signal]);
  const background = [store.run(working), watch.run(working), ledgers.run(working), reporter.run(working)];
  if (options.alongside !== undefined)
    background.push(options.alongside({ signal: working, held: () => leadership.held() }));
  try {
    if (!(await untilDone(clock, logger, signal, () => store.relist()))) return;
    metrics.setLeader(true);
    options.onScanner(scanner);
    await scanner.run(signal);
  } finally {
    metrics.setLeader(false);
    recorder.close();
    ending.abort();
    await Promise.all(background);
  }
}

const retryMs = 2_000;

/** Tries until it succeeds; false if the signal was aborted before. */
async function untilDone(
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
  attempt: () => Promise<unknown>,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await attempt();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      logger.warn({ error }, "what the leader needs at the start cannot be had yet");
      await sleep(clock, retryMs, signal);
    }
  }
  return false;
}
