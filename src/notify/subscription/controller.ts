import { isDeepStrictEqual } from "node:util";
import { apiVersion, group, version } from "../../api/group.ts";
import { reportSubscriptionKind } from "../../api/report-subscription.ts";
import type { ReportSubscriptionStatus } from "../../api/report-subscription-status.ts";
import { eventsSentMs } from "../../engine/ledger/limits.ts";
import { hash64 } from "../../engine/values/hash.ts";
import type { ApiType } from "../../kube/api-type.ts";
import type { KubeClient } from "../../kube/client.ts";
import type { Clock, Random } from "../../kube/clock.ts";
import { type Outcome, runController } from "../../kube/controller.ts";
import { KubeError, NotFoundError } from "../../kube/errors.ts";
import type { EventRecorder } from "../../kube/events.ts";
import type { Leadership } from "../../kube/leader.ts";
import type { Logger } from "../../kube/logger.ts";
import { mergePatch } from "../../kube/merge-patch.ts";
import { identityOf } from "../../kube/object.ts";
import { WorkQueue } from "../../kube/work-queue.ts";
import type { Metrics } from "../../telemetry/metrics.ts";
import type { AttemptOutcome, Dispatcher } from "../dispatcher.ts";
import { delivered, missed, needless, notBegun } from "./attempts.ts";
import { type CredentialProblem, subscriptionConditions } from "./conditions.ts";
import { decide } from "./decide.ts";
import type { Happening } from "./happening.ts";
import type { SecretReader } from "./secrets.ts";
import { type Pending, readState, type SubscriptionState, writeState } from "./state.ts";
import type { SubscriptionBook, SubscriptionEntry } from "./subscription-book.ts";

export const subscriptionType: ApiType = {
  group,
  version,
  kind: reportSubscriptionKind.kind,
  plural: reportSubscriptionKind.plural,
  namespaced: false,
};

export interface SubscriptionControllerOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly leadership: Leadership;
  readonly recorder: EventRecorder;
  readonly book: SubscriptionBook;
  readonly secrets: SecretReader;
  readonly dispatcher: Dispatcher;
  /** What has happened, and the last arrival in it; undefined while that is not known completely. */
  readonly happenings: () => { readonly all: readonly Happening[]; readonly arrived: number } | undefined;
  readonly scannedAt: (filter: NonNullable<OkSpec>["filter"]) => number | undefined;
}

type OkSpec = Extract<SubscriptionEntry["spec"], { ok: true }>["spec"];

/** Changes within this are one look. */
const coalesceMs = 300;
/** Even if nothing happens: credentials may have come or gone. */
const lookEveryMs = 60_000;
/** So soon is it seen that somebody has mended them. */
const problemEveryMs = 10_000;
const secretKnownMs = 5_000;
/** What is under way when the process is asked to end may end in order. */
const graceMs = 1_000;
const workers = 4;

/** How far a message has got that this process has begun. */
interface Conclusion {
  readonly pending: Pending;
  readonly outcome: AttemptOutcome;
}

/** What this process knows of a subscription beside its object. */
interface Memory {
  /** What the last patch has stored, until the watch shows it. */
  latest?: { readonly resourceVersion: string; readonly status: ReportSubscriptionStatus; readonly before: string };
  /** Not stored yet. */
  conclusion?: Conclusion;
  looked: number;
  /** Of which channels an Event was sent, and why they fail. */
  toldFailures?: ReadonlySet<string>;
  /** Version of the Secret with which the last attempt failed. */
  failedWith?: string | undefined;
  /** What the last look at the Secret found, without what is in it. */
  secret?: {
    readonly generation: number;
    readonly at: number;
    readonly reading:
      | { readonly ok: true; readonly version: string }
      | { readonly ok: false; readonly version: string; readonly problem: CredentialProblem };
  };
}

/** Looks at each ReportSubscription whenever something has happened: gathers, decides, persists, and only then sends. */
export class SubscriptionController {
  readonly #options: SubscriptionControllerOptions;
  readonly #queue: WorkQueue;
  readonly #memories = new Map<string, Memory>();

  constructor(options: SubscriptionControllerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({ clock: options.clock, random: options.random, capMs: 30_000 });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { logger, clock, leadership } = this.#options;
    const patience = new AbortController();
    const end = (): void => {
      if (leadership.held()) clock.after(graceMs, () => patience.abort(signal.reason));
      else patience.abort(signal.reason);
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    const reconcile = (name: string) => this.#reconcile(name, patience.signal);
    await runController({ name: "subscription", queue: this.#queue, reconcile, workers, logger }, signal);
  }

  touch(name: string): void {
    this.#queue.addAfter(name, coalesceMs);
  }

  /** The subscription is gone. */
  forget(name: string, uid: string): void {
    this.#memories.delete(uid);
    this.#options.metrics.forget("subscription", name);
  }

  async #reconcile(name: string, signal: AbortSignal): Promise<Outcome | undefined> {
    const { book, client, leadership } = this.#options;
    const entry = book.get(name);
    if (entry === undefined || !leadership.held()) return undefined;
    const memory = this.#memoryOf(entry);
    if (!entry.spec.ok) {
      await this.#store(entry, memory, this.#stateOf(entry, memory), undefined, signal);
      return undefined;
    }
    const { spec } = entry.spec;
    this.#expose(name, entry.spec.spec);
    const secret = await this.#secretOf(entry, spec, memory, signal);
    const seen = this.#options.happenings();
    const isRenewed = memory.failedWith !== undefined && memory.failedWith !== secret.version;
    const decision = decide({
      uid: entry.uid,
      now: client.serverTime(),
      spec,
      state: this.#stateOf(entry, memory),
      happenings: seen?.all,
      looked: memory.looked,
      isEdited: this.#stored(entry, memory).status.observedGeneration !== entry.generation,
      isRenewed,
      scannedAt: this.#options.scannedAt(spec.filter),
    });
    if (!leadership.held()) return undefined;
    const problem = secret.ok ? undefined : secret.problem;
    await this.#store(entry, memory, decision.state, problem, signal);
    delete memory.conclusion;
    memory.looked = seen?.arrived ?? memory.looked;
    if (isRenewed) memory.failedWith = undefined;
    await this.#tellFailures(entry, memory, decision.state.failing, signal);
    const look = problem === undefined ? lookEveryMs : problemEveryMs;
    if (decision.attempt === undefined) return { againInMs: this.#untilWake(decision.wakeAt, look) };
    await this.#attempt(entry, memory, spec, decision.attempt, decision.state, signal);
    return { againInMs: 0 };
  }

  /** What stands in the Secret is asked for at each delivery; for the conditions a look now and then will do. */
  async #secretOf({ generation }: SubscriptionEntry, spec: OkSpec, memory: Memory, signal: AbortSignal) {
    const { clock, secrets } = this.#options;
    const { secret } = memory;
    if (secret?.generation === generation && clock.monotonic() - secret.at < secretKnownMs) return secret.reading;
    const reading = await secrets.read(spec, signal);
    const { version } = reading;
    const kept = reading.ok
      ? { ok: true as const, version }
      : { ok: false as const, version, problem: reading.problem };
    memory.secret = { generation, at: clock.monotonic(), reading: kept };
    return kept;
  }

  /** Sends what is persisted as begun, and persists what came of it. */
  async #attempt(
    entry: SubscriptionEntry,
    memory: Memory,
    spec: OkSpec,
    pending: Pending,
    state: SubscriptionState,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, dispatcher, leadership, logger } = this.#options;
    const outcome = await dispatcher.attempt(
      {
        name: entry.name,
        spec,
        pending,
        happenings: this.#options.happenings()?.all ?? [],
        now: client.serverTime(),
        nextDigest: state.nextDigest,
        maySend: () => leadership.held(),
      },
      signal,
    );
    memory.conclusion = { pending, outcome };
    this.#count(entry.name, spec, pending, outcome);
    if (outcome.how === "failed") {
      memory.failedWith = outcome.version;
      const { reason, message } = outcome.failure;
      logger.warn(
        { subscription: entry.name, id: pending.id, reason, detail: message },
        "message could not be delivered",
      );
    }
    if (outcome.how === "delivered")
      logger.info(
        { subscription: entry.name, id: pending.id, kind: pending.kind, to: outcome.to },
        "message delivered",
      );
    const concluded = this.#stateOf(entry, memory);
    const problem = this.#problemOf(outcome);
    await this.#store(entry, memory, concluded, problem, signal);
    delete memory.conclusion;
    await this.#tellFailures(entry, memory, concluded.failing, signal);
  }

  /** What is persisted, with what this process knows to have happened since. */
  #stateOf(entry: SubscriptionEntry, memory: Memory): SubscriptionState {
    const state = readState(this.#stored(entry, memory).status);
    const { conclusion } = memory;
    if (conclusion === undefined) return state;
    const { pending, outcome } = conclusion;
    // Somebody else has taken it over: it is theirs to conclude.
    if (!state.pending.some(({ id, unconfirmed }) => id === pending.id && unconfirmed)) return state;
    const now = this.#options.client.serverTime();
    if (outcome.how === "delivered") return delivered(state, pending, now, outcome.partly);
    if (outcome.how === "failed") return missed(state, pending, now, outcome.failure);
    return outcome.how === "needless" ? needless(state, pending) : notBegun(state, pending);
  }

  async #store(
    entry: SubscriptionEntry,
    memory: Memory,
    state: SubscriptionState,
    credentials: CredentialProblem | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { client } = this.#options;
    const { name, generation, spec } = entry;
    const { status: stored, resourceVersion } = this.#stored(entry, memory);
    const conditions = subscriptionConditions({
      now: client.serverTime(),
      generation,
      stored: stored.conditions ?? [],
      spec,
      credentials,
      failing: state.failing,
    });
    const status: ReportSubscriptionStatus = {
      observedGeneration: generation,
      conditions,
      ...(spec.ok ? { sink: Object.keys(spec.spec.sink)[0] ?? "" } : {}),
      ...writeState(state),
    };
    if (isDeepStrictEqual(stored, status)) return;
    try {
      const patch = { status: mergePatch(stored, status) };
      const answer = await client.patchStatus(subscriptionType, { namespace: "", name }, patch, {
        resourceVersion,
        signal,
      });
      const latest = identityOf(answer).resourceVersion;
      memory.latest = { resourceVersion: latest, status, before: entry.resourceVersion };
    } catch (error) {
      delete memory.latest;
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  /** The watch may lag behind our own last patch; as soon as it shows anything newer, that counts. */
  #stored(entry: SubscriptionEntry, { latest }: Memory) {
    if (latest !== undefined && latest.before === entry.resourceVersion) return latest;
    return { status: entry.status, resourceVersion: entry.resourceVersion };
  }

  #memoryOf({ uid }: SubscriptionEntry): Memory {
    const memory = this.#memories.get(uid) ?? { looked: 0 };
    this.#memories.set(uid, memory);
    return memory;
  }

  #problemOf(outcome: AttemptOutcome): CredentialProblem | undefined {
    // What else is wrong stands in `failing`.
    return outcome.how === "failed" && outcome.failure.reason === "SecretUnknown"
      ? { kind: "transient", message: outcome.failure.message }
      : undefined;
  }

  #untilWake(wakeAt: number | undefined, lookMs: number): number {
    if (wakeAt === undefined) return lookMs;
    // A little later, or the second that the instant lies in has not begun by the server's clock.
    return Math.min(lookMs, Math.max(0, wakeAt - this.#options.client.serverTime()) + 100);
  }

  #expose(subscription: string, { sink }: OkSpec): void {
    const [type = ""] = Object.keys(sink);
    for (const outcome of ["delivered", "failed"])
      this.#options.metrics.notifications.increment({ subscription, sink: type, outcome }, 0);
  }

  #count(subscription: string, { sink }: OkSpec, { repeated }: Pending, outcome: AttemptOutcome): void {
    if (outcome.how === "notSent" || outcome.how === "needless") return;
    const [type = ""] = Object.keys(sink);
    const what = outcome.how === "delivered" && repeated === true ? "repeated" : outcome.how;
    this.#options.metrics.notifications.increment({ subscription, sink: type, outcome: what });
  }

  /**
   * Once for each channel that begins to fail, or fails for another reason. What an earlier leader has stored is told again, under the
   * same name: it may have ended before it sent the Event.
   */
  async #tellFailures(
    { name, uid }: SubscriptionEntry,
    memory: Memory,
    failing: SubscriptionState["failing"],
    signal: AbortSignal,
  ): Promise<void> {
    const { client, recorder, metrics, logger } = this.#options;
    const idOf = ({ channel, reason, since }: (typeof failing)[number]) =>
      hash64(JSON.stringify([uid, channel, reason, since]));
    const isLongAgo = ({ since }: (typeof failing)[number]) => client.serverTime() - since > eventsSentMs;
    const told = memory.toldFailures ?? new Set(failing.filter(isLongAgo).map(idOf));
    memory.toldFailures = new Set(failing.map(idOf).filter((id) => told.has(id)));
    for (const one of failing) {
      const id = idOf(one);
      if (told.has(id)) continue;
      try {
        const outcome = await recorder.send(
          {
            name: `${name}.${id}`,
            regarding: { apiVersion, kind: reportSubscriptionKind.kind, namespace: "", name, uid },
            type: "Warning",
            reason: "DeliveryFailed",
            action: "Deliver",
            note: `${one.reason}: ${one.message}`,
            unlimited: true,
          },
          signal,
        );
        memory.toldFailures = new Set([...memory.toldFailures, id]);
        if (outcome === "sent") metrics.eventsEmitted.increment({});
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        logger.warn({ subscription: name, error }, "event could not be sent");
      }
    }
  }
}
