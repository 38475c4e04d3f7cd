import type { KubeClient } from "../kube/client.ts";
import { type Clock, type Random, sleep } from "../kube/clock.ts";
import { EventRecorder } from "../kube/events.ts";
import type { Leadership } from "../kube/leader.ts";
import type { Logger } from "../kube/logger.ts";
import { SyncSlots } from "../kube/sync-slots.ts";
import type { ReflectorMetrics } from "../kube/watch-consumer.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { Announcer, statusNews } from "./announcer.ts";
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
  /** Name of this replica, in Events. */
  readonly identity: string;
  readonly leadership: Leadership;
  /** Told once the scanner can take changes of policies. */
  readonly onScanner: (scanner: Scanner) => void;
}

/** Everything that only the leader does; ends when leadership does. Rejects if what it needs at the start cannot be had. */
export async function lead(options: LeadOptions): Promise<void> {
  const { client, book, clock, random, logger, metrics, watchMetrics, leadership, identity } = options;
  const { signal } = leadership;
  const slots = new SyncSlots();
  const runs = new Map<string, PolicyRun>();
  /** Policies whose Events the limits may have held back. */
  const announcing = new Set<string>();

  const recorder = new EventRecorder({
    client,
    controller: "pawl.dev/operator",
    instance: identity.slice(0, 128),
    clock,
    onSuppressed: (count) => tellSuppressed(count),
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
      metrics.violationSeries.remove(policy, namespace);
      showPolicy(policy);
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
      };
    },
    onStored: async ({ object }, before, after, stop) => {
      for (const news of statusNews(before, after, object.generation)) await announcer.policy(object, news, stop);
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
    onAdopted: async (run, rules) => {
      const object = book.get(run.name)?.object;
      if (object === undefined) return;
      const adopted = rules.map(([rule, count]) => `${rule} (${count})`).join(", ");
      const note = `What these rules found is known from now on: ${adopted}`;
      await announcer.policy(
        object,
        { reason: "RuleAdopted", note, key: JSON.stringify([object.generation, rules]) },
        signal,
      );
    },
  });

  async function stepped(result: LedgerResult, stop: AbortSignal): Promise<void> {
    const { policy, namespace, step, now, isFirst } = result;
    const run = runs.get(policy.name);
    const object = book.get(policy.name)?.object;
    if (run === undefined || object === undefined) return;
    run.tally.set(namespace, step);
    run.adopt(step.adopted, clock.monotonic());
    exposeLedger(metrics, result);
    showPolicy(policy.name);
    // After a restart the last changes are told again: what was sent has its name, what was not is made up for.
    const told = isFirst ? step.report.changes : step.transitions;
    if (told.length > 0) announcing.add(policy.name);
    await announcer.transitions(namespace, told, now, stop);
    if (step.restored)
      await announcer.policy(
        object,
        {
          reason: "BaselineRestored",
          note: `The baseline of ${namespace === "" ? "cluster-scoped resources" : namespace} was lost and was taken from its report`,
          key: JSON.stringify([namespace, step.report.changedAt]),
        },
        stop,
      );
  }

  function showPolicy(name: string): void {
    const run = runs.get(name);
    if (run === undefined) return;
    exposePolicy(metrics, run);
    reporter.touch(name);
  }

  function tellSuppressed(count: number): void {
    const names = [...announcing];
    announcing.clear();
    for (const name of names) {
      const object = book.get(name)?.object;
      if (object === undefined) continue;
      const note = `${count} Events were held back in the last minute; the reports hold every change`;
      void announcer.policy(object, { reason: "EventsSuppressed", note, key: `${client.serverTime()}` }, signal);
    }
  }

  await untilDone(clock, logger, signal, () => watch.rediscover(signal));
  const background = [store.run(signal), watch.run(signal), ledgers.run(signal), reporter.run(signal)];
  await untilDone(clock, logger, signal, () => store.relist());
  metrics.setLeader(true);
  options.onScanner(scanner);
  try {
    await scanner.run(signal);
  } finally {
    metrics.setLeader(false);
    recorder.close();
    await Promise.all(background);
  }
}

const retryMs = 2_000;

/** Tries until it succeeds or the signal is aborted. */
async function untilDone(
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
  attempt: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ error }, "what the leader needs at the start cannot be had yet");
      await sleep(clock, retryMs, signal);
    }
  }
}
