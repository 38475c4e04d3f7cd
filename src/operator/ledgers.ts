import { type CompiledPolicy, ledgerPolicy } from "../engine/compiled-policy.ts";
import { onlyResourcesChanged } from "../engine/ledger/same.ts";
import { emptyMemory, stepInPieces } from "../engine/ledger/step.ts";
import { decodeBaseline, encodeBaseline } from "../engine/ledger/storage/baseline.ts";
import type { LedgerId } from "../engine/ledger/storage/objects.ts";
import { decodeReport, encodeReport, ownedBy, type ReportPartObject } from "../engine/ledger/storage/report.ts";
import type { StoredBaseline, StoredReport, Transition } from "../engine/ledger/stored.ts";
import type { Evidence, Instant, LedgerMemory, LedgerStep } from "../engine/ledger/types.ts";
import { storingOf } from "../engine/ledger/unreported.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock, Random } from "../kube/clock.ts";
import { type Outcome, runController } from "../kube/controller.ts";
import { AlreadyExistsError, ConflictError, isNamespaceTerminating, NotFoundError } from "../kube/errors.ts";
import type { Logger } from "../kube/logger.ts";
import { identityOf, type RawObject, text } from "../kube/object.ts";
import { slicer } from "../kube/slicer.ts";
import { WorkQueue } from "../kube/work-queue.ts";
import { WritePacer } from "../kube/write-pacer.ts";
import { type LedgerKey, ledgerKey, parseLedgerKey } from "./ledger-key.ts";
import { LedgerNews, type News } from "./ledger-news.ts";
import type { LedgerStore } from "./ledger-store.ts";
import { baselineKindName, reportKindNames } from "./own-kinds.ts";
import { type RetirementReason, retire } from "./retirement.ts";

/** What the ledgers need to be told; the scanner knows it. */
export interface LedgerWorld {
  /** The version in force; undefined where nothing is judged by the policy. */
  policy(name: string): CompiledPolicy | undefined;
  /** Oldest instant at which a ledger of the policy was taken. */
  baselineTakenAt(policy: string): Instant | undefined;
  standing(key: LedgerKey, fullScan: boolean): Standing;
  evidence(input: {
    readonly policy: CompiledPolicy;
    readonly namespace: string;
    readonly previous: StoredBaseline | undefined;
    readonly now: Instant;
    readonly fullScan: boolean;
  }): Evidence;
}

/**
 * Whether a ledger may be looked at now. `not-yet`: what it rests on is being read, and it will be asked for again. `leave`: its
 * namespace is being deleted, or its policy has never compiled, so nothing is written. Else it has retired.
 */
export type Standing = "in" | "not-yet" | "leave" | { readonly retired: RetirementReason; readonly settleMs: number };

/** What came of one look at a ledger. */
export interface LedgerResult {
  readonly policy: CompiledPolicy;
  readonly namespace: string;
  readonly step: LedgerStep;
  readonly now: Instant;
  readonly news: News;
}

export interface LedgersOptions {
  readonly client: KubeClient;
  readonly store: LedgerStore;
  readonly world: LedgerWorld;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** To be asked before each write: nobody else can lead. */
  readonly mayWrite: () => boolean;
  readonly onDepth: (depth: number) => void;
  readonly onWrite: (outcome: "created" | "updated" | "deleted" | "conflict" | "failed") => void;
  /** The writes are stored: what is to be announced may be. Resolves with what could not be. */
  readonly onStepped: (result: LedgerResult, signal: AbortSignal) => Promise<readonly Transition[]>;
  /** Nothing is judged in the ledger any more. */
  readonly onRetired: (key: LedgerKey) => void;
  /** The ledger could not be brought up to date for a while; it goes on being tried. */
  readonly onFailure: (key: LedgerKey, error: unknown) => void;
  /** A ledger whose policy is not watched waits for something that only time brings. */
  readonly onDeadline: (policy: string, at: Instant) => void;
}

/** What happens within this is one evaluation: one apply creates siblings one by one. */
const coalesceMs = 200;
/** If only the number of resources changed, a report is written no more often than this. */
const resourcesOnlyMs = 60_000;
/** A ledger that could not be written for this long is shown as out of date. */
const failureAfterMs = 30_000;
/** Events that could not be sent are tried again after this. */
const resendMs = 30_000;
const longestTimerMs = 6 * 3_600_000;
const workers = 4;

interface Remembered {
  memory: LedgerMemory;
  readonly news: LedgerNews;
  /** Local monotonic time of the last write of the report. */
  reportWrittenAt: number;
}

/** Thrown where the Lease may have passed to another one: the write is not even tried. */
class NotLeadingError extends Error {
  override readonly name = "NotLeadingError";
}

/** Keeps every ledger in step with the cluster: gather, decide (`stepInPieces`, pure), write. */
export class Ledgers {
  readonly #options: LedgersOptions;
  readonly #queue: WorkQueue;
  readonly #pacer: WritePacer;
  readonly #remembered = new Map<LedgerKey, Remembered>();
  /** Local monotonic time of the first of the failures in a row. */
  readonly #failingSince = new Map<LedgerKey, number>();
  /** Ledgers whose next look belongs to a full scan, and who waits for it. */
  readonly #scanning = new Map<LedgerKey, (() => void)[]>();
  /** Nothing is looked at any more. */
  #ended = false;

  constructor(options: LedgersOptions) {
    this.#options = options;
    this.#pacer = new WritePacer(options.clock);
    this.#queue = new WorkQueue({
      clock: options.clock,
      random: options.random,
      onDepth: options.onDepth,
      capMs: 30_000,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    await runController(
      {
        name: "ledger",
        queue: this.#queue,
        reconcile: (key, stop) => this.#reconcile(key, stop),
        workers,
        logger: this.#options.logger,
      },
      signal,
    );
    this.#ended = true;
    for (const waiting of this.#scanning.values()) for (const resolve of waiting) resolve();
    this.#scanning.clear();
  }

  /** Something that the ledger rests on has changed. */
  touch(policy: string, namespace: string): void {
    this.#queue.addAfter(ledgerKey(policy, namespace), coalesceMs);
  }

  /** Looks at these ledgers as part of a full scan; resolves when each was looked at, or has failed once, or `run` has ended. */
  async scan(keys: Iterable<LedgerKey>): Promise<void> {
    if (this.#ended) return;
    await Promise.all(
      [...keys].map((key) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const waiting = this.#scanning.get(key) ?? [];
        waiting.push(resolve);
        this.#scanning.set(key, waiting);
        this.#queue.add(key);
        return promise;
      }),
    );
  }

  /** A policy is gone: its ledgers are looked at no more. */
  forget(policy: string): void {
    for (const key of this.#remembered.keys()) if (parseLedgerKey(key).policy === policy) this.#remembered.delete(key);
    for (const [key, waiting] of this.#scanning)
      if (parseLedgerKey(key).policy === policy) this.#scanned(key, [...waiting]);
  }

  #scanned(key: LedgerKey, waiting: readonly (() => void)[]): void {
    const others = (this.#scanning.get(key) ?? []).filter((resolve) => !waiting.includes(resolve));
    if (others.length === 0) this.#scanning.delete(key);
    else this.#scanning.set(key, others);
    for (const resolve of waiting) resolve();
  }

  async #reconcile(key: LedgerKey, signal: AbortSignal): Promise<Outcome | undefined> {
    // Who asks during this look has read something anew that the look knows nothing of, and waits for the next.
    const waiting = [...(this.#scanning.get(key) ?? [])];
    try {
      const outcome = await this.#look(key, waiting.length > 0, signal);
      this.#failingSince.delete(key);
      if (outcome !== "paced") this.#scanned(key, waiting);
      return outcome === "paced" ? { againInMs: Math.max(1, this.#pacer.delayMs(key)) } : outcome;
    } catch (error) {
      if (error instanceof ConflictError || error instanceof AlreadyExistsError || error instanceof NotFoundError) {
        this.#options.store.invalidate(key);
        this.#options.onWrite("conflict");
        // Somebody who wins for so long, or a kind of ours that is not there, is no race any more: scans go on without it.
        if (this.#hasFailedFor(key) >= failureAfterMs) {
          this.#scanned(key, waiting);
          this.#options.onFailure(key, error);
        }
      } else {
        this.#scanned(key, waiting);
        // Its namespace is being deleted, which its own watch has not shown yet.
        if (isNamespaceTerminating(error)) return undefined;
        this.#failed(key, error);
      }
      throw error;
    }
  }

  async #look(key: LedgerKey, fullScan: boolean, signal: AbortSignal): Promise<Outcome | "paced" | undefined> {
    const { world, store, client } = this.#options;
    const { policy: name, namespace } = parseLedgerKey(key);
    const standing = world.standing(key, fullScan);
    if (typeof standing === "object") return this.#retire(key, standing, signal);
    const policy = world.policy(name);
    if (standing !== "in" || policy === undefined) return undefined;
    if (!fullScan && (!policy.scan.continuous || policy.scan.suspend)) return undefined;
    if (this.#pacer.delayMs(key) > 0) return "paced";

    const id: LedgerId = { policy, namespace: namespace === "" ? undefined : namespace };
    const objects = await store.load(key, signal);
    const baseline = this.#decoded(key, decodeBaseline(objects.baselines, id));
    if (slicer.due) await slicer.pause();
    const report = this.#decoded(key, decodeReport(objects.reports, id));
    if (slicer.due) await slicer.pause();
    // What was read may have taken a while; only now is the moment that the evidence is about.
    if (world.standing(key, fullScan) !== "in") return undefined;
    const now = client.serverTime();
    const remembered = this.#remember(key);
    const step = await slicer.drive(
      stepInPieces({
        now,
        policy: ledgerPolicy(policy, world.baselineTakenAt(name)),
        stored: { baseline, report },
        memory: remembered.memory,
        evidence: world.evidence({ policy, namespace, previous: baseline, now, fullScan }),
      }),
    );
    const postponed = await this.#write(
      key,
      id,
      step,
      { objects, baseline, report, remembered, mayShrink: fullScan },
      signal,
    );
    remembered.memory = step.memory;
    const news = remembered.news.take(step);
    const unsent = await this.#options.onStepped({ policy, namespace, step, now, news }, signal);
    remembered.news.keep(unsent);
    return this.#next(policy, step, now, [postponed, unsent.length > 0 ? resendMs : undefined]);
  }

  #remember(key: LedgerKey): Remembered {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const fresh = { memory: emptyMemory, news: new LedgerNews(), reportWrittenAt: Number.NEGATIVE_INFINITY };
    this.#remembered.set(key, fresh);
    return fresh;
  }

  /** A single failure is no news: the next attempt follows in a moment. */
  #failed(key: LedgerKey, error: unknown): void {
    this.#options.onWrite("failed");
    if (this.#hasFailedFor(key) >= failureAfterMs) this.#options.onFailure(key, error);
  }

  /** Milliseconds since the first of the failures in a row, of which this is one. */
  #hasFailedFor(key: LedgerKey): number {
    const now = this.#options.clock.monotonic();
    const since = this.#failingSince.get(key) ?? now;
    this.#failingSince.set(key, since);
    return now - since;
  }

  /** Nothing is judged here any more: the Baseline waits for a return, reports without a scope go. */
  async #retire(
    key: LedgerKey,
    { retired, settleMs }: { readonly retired: RetirementReason; readonly settleMs: number },
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    const { store, client, world } = this.#options;
    const { policy: name, namespace } = parseLedgerKey(key);
    const id: LedgerId = { policy: { name, uid: "" }, namespace: namespace === "" ? undefined : namespace };
    const existing = (await store.load(key, signal)).baselines;
    if (typeof world.standing(key, false) !== "object") return { againInMs: 0 };
    const baseline = this.#decoded(key, decodeBaseline(existing, id));
    // What cannot be read may be debt that was accepted: it is a person's to remove.
    if (baseline === undefined && existing.length > 0) return undefined;
    const outcome = baseline === undefined ? "remove" : retire(baseline, retired, client.serverTime(), settleMs);
    if (outcome !== "remove")
      await this.#apply(key, id, encodeBaseline(outcome.keep, id, existing, { mayShrink: false }), signal);
    const goes = (kind: string) => (kind === baselineKindName ? outcome === "remove" : retired === "out-of-scope");
    const deletes = store.objects(key).filter(({ kind }) => goes(kind));
    await this.#apply(
      key,
      id,
      { puts: [], deletes: deletes.map((one) => ({ kind: one.kind, name: one.key.name })) },
      signal,
    );
    this.#remembered.delete(key);
    this.#options.onRetired(key);
    if (outcome === "remove") return undefined;
    return { againInMs: Math.min(longestTimerMs, Math.max(0, outcome.until - client.serverTime()) + 1_000) };
  }

  #decoded<T>(
    key: LedgerKey,
    { stored, dropped }: { readonly stored: T | undefined; readonly dropped: readonly string[] },
  ) {
    if (dropped.length > 0)
      this.#options.logger.warn({ ledger: key, dropped }, "stored objects held what cannot be read");
    return stored;
  }

  /** Returns how long a write was put off, undefined if none was. */
  async #write(
    key: LedgerKey,
    id: LedgerId,
    step: LedgerStep,
    before: {
      readonly objects: { readonly baselines: readonly RawObject[]; readonly reports: readonly RawObject[] };
      readonly baseline: StoredBaseline | undefined;
      readonly report: StoredReport | undefined;
      readonly remembered: Remembered;
      readonly mayShrink: boolean;
    },
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { clock } = this.#options;
    const { mayShrink } = before;
    const storing = storingOf(before, step);
    const baselineWrites = encodeBaseline(storing.baseline, id, before.objects.baselines, { mayShrink });
    if (slicer.due) await slicer.pause();
    const reportWrites =
      storing.report === undefined
        ? { puts: [], deletes: [] }
        : encodeReport(storing.report, id, before.objects.reports, { mayShrink });
    const wait = before.remembered.reportWrittenAt + resourcesOnlyMs - clock.monotonic();
    const postpone = wait > 0 && before.report !== undefined && onlyResourcesChanged(before.report, step.report);
    const writeBaseline = async () => {
      await this.#apply(key, id, baselineWrites, signal);
      before.remembered.news.baselineStored(step);
    };
    const writeReport = async () => {
      if (postpone || (reportWrites.puts.length === 0 && reportWrites.deletes.length === 0)) return;
      await this.#apply(key, id, reportWrites, signal);
      before.remembered.reportWrittenAt = clock.monotonic();
    };
    for (const write of storing.order === "baseline-first"
      ? [writeBaseline, writeReport]
      : [writeReport, writeBaseline])
      await write();
    return postpone ? wait : undefined;
  }

  async #apply(
    key: LedgerKey,
    id: LedgerId,
    writes: {
      readonly puts: readonly RawObject[];
      readonly deletes: readonly { readonly kind: string; readonly name: string }[];
    },
    signal: AbortSignal,
  ): Promise<void> {
    let report: { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
    for (const put of writes.puts) {
      this.#assertLeading();
      const object = report === undefined ? put : ownedBy(put as ReportPartObject, report);
      const created = identityOf(object).resourceVersion === "";
      const stored = await this.#put(key, object, signal);
      this.#options.onWrite(created ? "created" : "updated");
      this.#pacer.wrote(key, JSON.stringify(stored).length);
      const kind = text(stored.kind);
      // Parts that follow a report which is new are its own, so that they go with it.
      if (created && reportKindNames.has(kind))
        report = { kind, name: identityOf(stored).name, uid: identityOf(stored).uid };
    }
    for (const { kind, name } of writes.deletes) {
      this.#assertLeading();
      const within = kind.startsWith("Scan") ? (id.namespace ?? "") : "";
      await this.#options.store.remove(key, kind, { namespace: within, name }, signal);
      this.#options.onWrite("deleted");
    }
  }

  async #put(key: LedgerKey, object: RawObject, signal: AbortSignal): Promise<RawObject> {
    try {
      return await this.#options.store.put(key, object, signal);
    } catch (error) {
      // It exists although the watch has not shown it yet: the next look has to read it.
      if (error instanceof AlreadyExistsError) this.#options.store.expect(key, text(object.kind), identityOf(object));
      throw error;
    }
  }

  #assertLeading(): void {
    if (!this.#options.mayWrite()) throw new NotLeadingError("the Lease may have passed to another one");
  }

  /** `others`: milliseconds until something else wants another look. */
  #next(
    policy: CompiledPolicy,
    step: LedgerStep,
    now: Instant,
    others: readonly (number | undefined)[],
  ): Outcome | undefined {
    if (step.again) return { againInMs: 0 };
    const deadline = step.nextDeadline;
    if (deadline !== undefined && (!policy.scan.continuous || policy.scan.suspend)) {
      this.#options.onDeadline(policy.name, deadline);
      return undefined;
    }
    const waits = [deadline === undefined ? undefined : Math.max(0, deadline - now), ...others];
    const wait = Math.min(...waits.filter((one) => one !== undefined));
    return wait === Number.POSITIVE_INFINITY ? undefined : { againInMs: Math.ceil(Math.min(wait, longestTimerMs)) + 1 };
  }
}
