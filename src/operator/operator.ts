import { storedPolicy } from "../api/policy.ts";
import { readStored } from "../api/read-stored.ts";
import type { OwnershipSettings } from "../engine/ownership/ownership.ts";
import { createRegistry } from "../engine/registry.ts";
import { newestRelease } from "../engine/release.ts";
import type { Rule } from "../engine/rule.ts";
import { integerAt, textMapAt } from "../engine/views/fields.ts";
import type { KubeClient } from "../kube/client.ts";
import { type Clock, type Random, sleep } from "../kube/clock.ts";
import { serverVersion } from "../kube/discovery.ts";
import { type Leadership, runAsLeader } from "../kube/leader.ts";
import type { Logger } from "../kube/logger.ts";
import { identityOf, metadataOf, type RawObject, text } from "../kube/object.ts";
import { Reflector } from "../kube/reflector.ts";
import { SyncSlots } from "../kube/sync-slots.ts";
import type { ReflectorMetrics } from "../kube/watch-consumer.ts";
import { type ReadinessCheck, startHealthServer } from "../telemetry/health.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { parseInstant } from "./instant.ts";
import { lead } from "./lead.ts";
import { policyType } from "./own-kinds.ts";
import { PolicyBook, type PolicyObject } from "./policy-book.ts";
import type { Scanner } from "./scanner.ts";

export interface OperatorOptions {
  readonly client: KubeClient;
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Unique for this process, also over restarts. */
  readonly identity: string;
  readonly namespace: string;
  readonly leaseName: string;
  /** Whether Secrets are listed and watched, as metadata. */
  readonly secretMetadata: boolean;
  /** Where owner and source of a resource are written. */
  readonly ownership: OwnershipSettings;
  /** False only where there is surely one replica. */
  readonly leaderElect: boolean;
  /** What else is done while this replica leads; ends, and never rejects, when leadership does. */
  readonly alongside?: (leadership: Leadership) => Promise<void>;
  readonly healthAddress: { readonly host?: string; readonly port: number };
  readonly metricsAddress: { readonly host?: string; readonly port: number };
}

const retryMs = 2_000;

/** Another replica may lead. The process ends, and starts anew as a standby: nothing of the old state is left. */
export class LeadershipLostError extends Error {
  override readonly name = "LeadershipLostError";
}

/**
 * Runs until the signal is aborted: health and metrics at once, Policies as a standby, everything else while it leads.
 * Throws LeadershipLostError, or what kept it from starting.
 */
export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { client, clock, logger, metrics } = options;
  const stop = new AbortController();
  const stopping = AbortSignal.any([signal, stop.signal]);
  const readiness = { policies: false };
  const health = await startHealthServer({
    healthAddress: options.healthAddress,
    metricsAddress: options.metricsAddress,
    checks: new Map<string, ReadinessCheck>([
      ["policies", () => readiness.policies],
      ["api-server", () => answers(client)],
    ]),
    metrics,
    logger,
  });
  logger.info({ identity: options.identity, leaderElect: options.leaderElect }, "operator started");
  try {
    const release = await clusterRelease(options, stopping);
    const { secretMetadata } = options;
    const book = new PolicyBook(createRegistry(options.rules), { release, secretMetadata, manifests: false });
    const listener: { scanner: Scanner | undefined } = { scanner: undefined };
    const watchMetrics: ReflectorMetrics = {
      restart: (kind, reason) => metrics.watchRestarts.increment({ kind, reason }),
      activity: (kind) => metrics.watchLastActivity.set({ kind }, clock.now() / 1000),
    };
    const policies = followPolicies({ ...options, book, watchMetrics, listener, readiness });
    const following = policies.run(stopping);
    try {
      await untilSynced(policies, clock, stopping);
      const leading = (leadership: Leadership) =>
        lead({
          ...options,
          book,
          watchMetrics,
          leadership,
          onScanner: (scanner) => {
            listener.scanner = scanner;
          },
        });
      if (!options.leaderElect) await leading({ signal: stopping, held: () => !stopping.aborted });
      else await electAndLead(options, leading, stopping);
    } finally {
      stop.abort();
      await following;
    }
  } finally {
    stop.abort();
    await health.close();
    logger.info({ identity: options.identity }, "operator stopped");
  }
}

async function electAndLead(
  options: OperatorOptions,
  leading: (leadership: Leadership) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { client, clock, random, logger, namespace, leaseName: name, identity } = options;
  const election = { client: client.forLease(), namespace, name, identity, clock, random, logger };
  const outcome = await runAsLeader(election, leading, signal);
  if (outcome === "lost")
    throw new LeadershipLostError(`Lease ${namespace}/${name} was lost: another replica may lead now`);
}

async function answers(client: KubeClient): Promise<boolean> {
  await client.request({ method: "GET", path: "/version" });
  return true;
}

/** Tries until the API server answers: an operator that starts before it is nothing special. */
async function clusterRelease({ client, clock, logger }: OperatorOptions, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      const { major, minor } = await serverVersion(client, signal);
      return { major, minor };
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ error }, "API server does not answer yet");
      await sleep(clock, retryMs, signal);
    }
  }
  return newestRelease;
}

async function untilSynced(policies: Reflector, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !policies.status.synced) await sleep(clock, 50, signal);
}

function followPolicies(
  options: OperatorOptions & {
    readonly book: PolicyBook;
    readonly watchMetrics: ReflectorMetrics;
    readonly listener: { readonly scanner: Scanner | undefined };
    readonly readiness: { policies: boolean };
  },
): Reflector {
  const { client, clock, random, logger, book, listener, readiness, watchMetrics } = options;
  return new Reflector({
    client,
    type: policyType,
    slots: new SyncSlots(),
    clock,
    random,
    logger,
    metrics: watchMetrics,
    consumer: {
      onUpsert: (object) => {
        const change = book.upsert(readPolicy(object, logger));
        listener.scanner?.policyChanged(change.entry, change);
      },
      onDelete: ({ name }) => {
        book.delete(name);
        listener.scanner?.policyDeleted(name);
      },
      onSynced: () => {
        readiness.policies = true;
      },
      onStale: () => undefined,
      onCurrent: () => undefined,
    },
  });
}

/** What is stored may have been written by another version: an unreadable status counts as none, the spec is compiled anyway. */
function readPolicy(object: RawObject, logger: Logger): PolicyObject {
  const identity = identityOf(object);
  const reading = readStored(storedPolicy, object);
  if (reading.dropped.length > 0)
    logger.warn({ policy: identity.name, dropped: reading.dropped }, "policy held what cannot be read");
  return {
    name: identity.name,
    uid: identity.uid,
    resourceVersion: identity.resourceVersion,
    generation: integerAt(object, "metadata", "generation") ?? 0,
    createdAt: parseInstant(text(metadataOf(object).creationTimestamp)) ?? 0,
    annotations: Object.fromEntries(textMapAt(object, "metadata", "annotations")),
    spec: object.spec,
    status: reading.ok ? reading.value.status : undefined,
  };
}
