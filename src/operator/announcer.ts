import { apiVersion } from "../api/group.ts";
import type { PolicyStatus } from "../api/policy-status.ts";
import { eventsOf, type EventRequest as WorkloadEvent } from "../engine/ledger/events.ts";
import { eventsSentMs } from "../engine/ledger/limits.ts";
import type { Transition } from "../engine/ledger/stored.ts";
import type { Instant } from "../engine/ledger/types.ts";
import { parseKindName } from "../engine/resource.ts";
import { hash64 } from "../engine/values/hash.ts";
import { apiVersion as versionOf } from "../kube/api-type.ts";
import type { EventOutcome, EventRecorder, EventRequest, ObjectReference } from "../kube/events.ts";
import type { Logger } from "../kube/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { ClusterWatch } from "./cluster-watch.ts";
import type { News } from "./ledger-news.ts";
import type { PolicyObject } from "./policy-book.ts";

export interface AnnouncerOptions {
  readonly recorder: EventRecorder;
  readonly watch: ClusterWatch;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Something that happened to a policy as a whole. */
export interface PolicyNews {
  readonly reason:
    | "PolicyReady"
    | "PolicyInvalid"
    | "BaselineTaken"
    | "BaselineRestored"
    | "RuleAdopted"
    | "ScanDegraded"
    | "ScanRecovered"
    | "EventsSuppressed";
  readonly note: string;
  /** What makes this news another than the last of its kind: the same key is sent once. */
  readonly key: string;
}

const warnings: ReadonlySet<PolicyNews["reason"]> = new Set([
  "PolicyInvalid",
  "BaselineRestored",
  "ScanDegraded",
  "EventsSuppressed",
]);

/** Sends Events: on workloads for what was found and fixed, on Policies for what concerns all of them. Never throws. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #held = new Map<string, number>();

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Tells of transitions that the stored report holds. Resolves with those whose Event could not be sent. */
  async transitions(
    policy: string,
    namespace: string,
    { transitions, counted }: Pick<News, "transitions" | "counted">,
    now: Instant,
    signal: AbortSignal,
  ): Promise<readonly Transition[]> {
    const { watch } = this.#options;
    const context = {
      now,
      namespace: namespace === "" ? undefined : namespace,
      namespaceTerminating: watch.namespaces.get(namespace)?.terminating ?? false,
    };
    const fresh = new Set(counted.map(({ id }) => id));
    const unsent: Transition[] = [];
    // One object and evaluation after the other, so that what could not be sent is known by its transitions.
    for (const group of Map.groupBy(transitions, ({ ref, at }) => `${at} ${ref}`).values())
      for (const event of eventsOf(group, context)) {
        const regarding = this.#reference(event.regarding, namespace);
        const retold = !group.some(({ id }) => fresh.has(id));
        const outcome = await this.#send({ ...event, regarding, action: "Evaluate", retold }, signal);
        if (outcome === "failed") unsent.push(...group);
        if (outcome === "suppressed") this.#held.set(policy, (this.#held.get(policy) ?? 0) + 1);
      }
    return unsent;
  }

  async policy(policy: Pick<PolicyObject, "name" | "uid">, news: PolicyNews, signal: AbortSignal): Promise<void> {
    const { name, uid } = policy;
    const id = hash64(JSON.stringify([uid, news.reason, news.key]));
    await this.#send(
      {
        name: `${name}.${id}`,
        regarding: { apiVersion, kind: "Policy", namespace: "", name, uid },
        type: warnings.has(news.reason) ? "Warning" : "Normal",
        reason: news.reason,
        action: "Scan",
        note: news.note,
        // There are few of them, and what they say concerns everything.
        unlimited: true,
      },
      signal,
    );
  }

  #reference({ kind, name, ref }: WorkloadEvent["regarding"], namespace: string): ObjectReference {
    const { watch } = this.#options;
    const type = watch.catalog.discovery.types.get(kind);
    const uid = watch.state.get(namespace, ref)?.uid;
    return {
      apiVersion: type === undefined ? parseKindName(kind).group : versionOf(type),
      kind: parseKindName(kind).kind,
      // A Namespace is judged with its own namespace, but is in none.
      namespace: type?.namespaced === false ? "" : namespace,
      name,
      ...(uid === undefined || uid === "" ? {} : { uid }),
    };
  }

  /** Events that the limits held back since the last call, by policy; sorted. */
  takeHeld(): readonly (readonly [policy: string, count: number])[] {
    const held = [...this.#held].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#held.clear();
    return held;
  }

  /** `failed`: it could not be sent and should be tried again. */
  async #send(event: EventRequest, signal: AbortSignal): Promise<EventOutcome | "failed"> {
    const { recorder, metrics, logger } = this.#options;
    try {
      const outcome = await recorder.send(event, signal);
      if (outcome === "sent") metrics.eventsEmitted.increment({});
      return outcome;
    } catch (error) {
      // The report holds the transition; an Event that cannot be sent must not hold up the next evaluation.
      if (!signal.aborted) logger.warn({ event: event.name, error }, "event could not be sent");
      return "failed";
    }
  }
}

/** Events of adoptions that a status holds: one for all that were told of together, none for those that are long past. */
export function adoptionNews(adoptions: PolicyStatus["adoptions"], now: Instant): readonly PolicyNews[] {
  const recent = (adoptions ?? []).filter(({ at }) => now - Date.parse(at) <= eventsSentMs);
  return [...Map.groupBy(recent, ({ at }) => at)].map(([at, rules]) => ({
    reason: "RuleAdopted",
    note: `What these rules found is known from now on: ${rules.map(({ rule, violations }) => `${rule} (${violations})`).join(", ")}`,
    key: at,
  }));
}

/** What a change of a policy's status is worth an Event. */
export function statusNews(
  before: PolicyStatus | undefined,
  after: PolicyStatus,
  generation: number,
  now: Instant,
): readonly PolicyNews[] {
  const told = new Set((before?.adoptions ?? []).map(({ at }) => at));
  const news = [
    ...adoptionNews(
      after.adoptions?.filter(({ at }) => !told.has(at)),
      now,
    ),
  ];
  const was = (type: string) => before?.conditions?.find((one) => one.type === type);
  const is = (type: string) => after.conditions?.find((one) => one.type === type);
  const ready = is("Ready");
  const readyChanged =
    was("Ready")?.status !== ready?.status || was("Ready")?.observedGeneration !== ready?.observedGeneration;
  if (ready !== undefined && readyChanged)
    news.push({
      reason: ready.status === "True" ? "PolicyReady" : "PolicyInvalid",
      note: ready.message,
      key: `${generation}`,
    });
  if (before?.baselineTakenAt === undefined && after.baselineTakenAt !== undefined)
    news.push({
      reason: "BaselineTaken",
      note: `${after.summary?.known ?? 0} violations of ${after.summary?.resources ?? 0} resources are known from now on; what comes on top is new`,
      key: after.baselineTakenAt,
    });
  const degraded = is("Degraded");
  const recovered = was("Degraded")?.status === "True" && degraded?.status !== "True";
  if (degraded?.status === "True" && was("Degraded")?.status !== "True")
    news.push({ reason: "ScanDegraded", note: degraded.message, key: degraded.lastTransitionTime });
  if (recovered)
    news.push({
      reason: "ScanRecovered",
      note: "Everything in scope is read again",
      key: was("Degraded")?.lastTransitionTime ?? "",
    });
  return news;
}
