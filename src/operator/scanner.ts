import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import { decodeBaseline } from "../engine/ledger/storage/baseline.ts";
import type { Instant } from "../engine/ledger/types.ts";
import type { KindName } from "../engine/resource.ts";
import type { KubeClient } from "../kube/client.ts";
import { type Clock, sleep } from "../kube/clock.ts";
import type { Logger } from "../kube/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { StateChange } from "./cluster-state.ts";
import type { ClusterListener, ClusterWatch } from "./cluster-watch.ts";
import { CoverageWatch } from "./coverage-watch.ts";
import { Errands } from "./errands.ts";
import { parseInstant } from "./instant.ts";
import { isInScope } from "./kind-scope.ts";
import { type LedgerKey, ledgerKey, parseLedgerKey } from "./ledger-key.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { Ledgers } from "./ledgers.ts";
import type { NamespaceInfo } from "./namespace-book.ts";
import { openScanRequest, type PolicyBook, type PolicyEntry } from "./policy-book.ts";
import type { PolicyReporter } from "./policy-reporter.ts";
import { isWatched, PolicyRun } from "./policy-run.ts";
import { Rediscovery } from "./rediscovery.ts";
import { Relabelled } from "./relabelled.ts";
import { ScanQueue, type ScanReason } from "./scan-queue.ts";
import { ScanTimes, sharedWithinMs } from "./scan-times.ts";
import type { World } from "./world.ts";

/** The parts that a scanner works with; built by `lead.ts`. */
export interface ScannerParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly book: PolicyBook;
  readonly runs: Map<string, PolicyRun>;
  readonly store: LedgerStore;
  readonly watch: ClusterWatch;
  readonly world: World;
  readonly ledgers: Ledgers;
  readonly reporter: PolicyReporter;
  /** A policy was taken over from an earlier leader. */
  readonly onRestored: (entry: PolicyEntry, signal: AbortSignal) => Promise<void>;
}

/** How often it is looked whether a kind has become a hole, or ceased to be one. */
const coverageEveryMs = 5_000;
const retryMs = 30_000;

/** Decides when what is read anew and which ledgers are looked at. */
export class Scanner implements ClusterListener {
  readonly #parts: ScannerParts;
  readonly #scans: ScanQueue;
  #signal: AbortSignal = AbortSignal.abort();
  #started = false;
  #cancelRetry: (() => void) | undefined;
  readonly #errands: Errands;
  readonly #coverage: CoverageWatch;
  readonly #rediscovery: Rediscovery;
  readonly #relabelled: Relabelled;
  readonly #times: ScanTimes;

  constructor(parts: ScannerParts) {
    this.#parts = parts;
    this.#errands = new Errands(parts.logger, () => this.#signal.aborted);
    this.#coverage = new CoverageWatch({ ...parts, now: () => parts.client.serverTime() });
    this.#rediscovery = new Rediscovery({
      ...parts,
      errands: this.#errands,
      onRecompiled: (change) => this.policyChanged(change.entry, change),
      onAdded: (added, unread) => {
        this.#coverage.added(added, unread);
        this.#coverage.refresh();
      },
    });
    this.#times = new ScanTimes({ ...parts, onDue: (policy) => this.#scans.request(policy, "schedule") });
    this.#relabelled = new Relabelled({
      clock: parts.clock,
      logger: parts.logger,
      readNamespace: (namespace) => parts.watch.follower.listNamespace(namespace, this.#signal),
      onRead: (keys) => this.#lookAtRelabelled(keys),
      onScanWanted: (policies) => {
        for (const name of this.#watchedOf(policies)) this.#scans.request(name, "namespaces");
      },
      errands: this.#errands,
      isOver: () => this.#signal.aborted,
    });
    parts.world.restWhile((key) => this.#relabelled.isUnread(key));
    this.#scans = new ScanQueue({
      clock: parts.clock,
      run: (policies) => this.#pass(policies),
      failed: (error, policies) => {
        if (this.#signal.aborted) return;
        parts.logger.error({ error, policies: [...policies.keys()].sort() }, "scan failed and will be tried again");
        this.#cancelRetry = parts.clock.after(retryMs, () => {
          for (const [policy, reasons] of policies) for (const reason of reasons) this.#scans.request(policy, reason);
        });
      },
    });
  }

  /** Reads what is there, then scans until the signal is aborted. The other parts run beside it. */
  async run(signal: AbortSignal): Promise<void> {
    const { watch, book, clock } = this.#parts;
    this.#signal = signal;
    this.#rediscovery.start(signal);
    await watch.followNamespaces();
    this.#started = true;
    for (const entry of book.entries()) this.policyChanged(entry, { verdict: true });
    this.#sweepSoon();
    while (!signal.aborted) {
      await sleep(clock, coverageEveryMs, signal);
      if (signal.aborted) break;
      this.#coverage.refresh();
      this.#tellAdopted();
    }
    for (const run of this.#parts.runs.values()) run.stop();
    this.#relabelled.stop();
    this.#rediscovery.stop();
    this.#cancelRetry?.();
    await this.#scans.stop();
    await this.#errands.settled();
  }

  /** A Policy is new, was edited, or its annotation asks for a scan. */
  policyChanged(entry: PolicyEntry, change: { readonly verdict: boolean; readonly settings?: boolean }): void {
    const { runs, reporter } = this.#parts;
    if (!this.#started) return;
    const { name } = entry.object;
    const run = runs.get(name) ?? new PolicyRun(name, toldUntil(entry));
    const isNew = !runs.has(name);
    runs.set(name, run);
    if (isNew) this.#restore(run, entry);
    if (change.verdict) run.edited();
    if (entry.inForce !== undefined) {
      if (isNew || change.verdict || change.settings) {
        this.#times.follow(run, entry.inForce);
        this.#scans.request(name, isNew ? "start" : "edit");
      }
      const request = openScanRequest(entry.object);
      const answered = request === run.handledScanRequest || request === run.takenScanRequest;
      if (request !== undefined && !answered) this.#scans.request(name, "request");
    }
    reporter.touch(name);
  }

  /** What an earlier leader wrote stands until this one knows better. */
  #restore(run: PolicyRun, entry: PolicyEntry): void {
    const { metrics, onRestored } = this.#parts;
    const last = parseInstant(entry.object.status?.lastScanTime);
    if (last !== undefined) metrics.scanLastSuccess.set({ policy: run.name }, last / 1000);
    this.#errands.add(onRestored(entry, this.#signal));
  }

  policyDeleted(name: string): void {
    const { runs, ledgers, metrics, reporter } = this.#parts;
    if (!this.#started) return;
    runs.get(name)?.stop();
    runs.delete(name);
    this.#scans.forget(name);
    ledgers.forget(name);
    reporter.forget(name);
    metrics.forget("policy", name);
    this.#parts.watch.follow();
    this.#sweepSoon();
  }

  /** A ledger of a policy that is not watched waits for something that only time brings: a scan at that time. */
  wakeAt(policy: string, at: Instant): void {
    const { runs, clock, client } = this.#parts;
    const run = runs.get(policy);
    const wait = at - client.serverTime();
    if (this.#signal.aborted || run === undefined || wait > coverageEveryMs + sharedWithinMs) return;
    // The earliest counts; the others ask again after it.
    if (run.deadline !== undefined && run.deadline.at <= at) return;
    run.deadline?.cancel();
    const cancel = clock.after(Math.max(0, wait) + 1_000, () => {
      run.deadline = undefined;
      this.#scans.request(policy, "pending");
    });
    run.deadline = { at, cancel };
  }

  onChange(change: StateChange): void {
    const { book, ledgers, runs } = this.#parts;
    for (const policy of book.inForce()) {
      const seen = change.verdictKeys.has(policy.verdictKey);
      const read = change.facts !== undefined && policy.reads.includes(change.facts);
      if (seen || read) ledgers.touch(policy.name, change.namespace);
      for (const namespace of change.spokenFor)
        if (runs.get(policy.name)?.tally.has(namespace)) ledgers.touch(policy.name, namespace);
      if (!read) continue;
      if (policy.clusterResources) ledgers.touch(policy.name, "");
      for (const namespace of change.readers) ledgers.touch(policy.name, namespace);
      // Facts of a cluster-scoped kind may matter in every namespace.
      if (change.namespace === "")
        for (const namespace of runs.get(policy.name)?.tally.namespaces() ?? []) ledgers.touch(policy.name, namespace);
    }
  }

  onKindCurrent(kind: KindName): void {
    this.#coverage.touchReadersOf(kind);
  }

  onReadLate(kind: KindName): void {
    for (const run of this.#parts.runs.values()) run.unread.delete(kind);
    this.#coverage.touchReadersOf(kind);
    this.#coverage.refresh();
  }

  onNamespace(before: NamespaceInfo | undefined, after: NamespaceInfo): void {
    const { book, ledgers } = this.#parts;
    if (!this.#started) return;
    for (const policy of book.inForce()) {
      const was = policy.matcher.matchesNamespace(after.name, before?.labels);
      const is = policy.matcher.matchesNamespace(after.name, after.labels);
      if (was !== is) this.#relabelled.add(policy.name, after.name);
      if (was !== is || before === undefined) ledgers.touch(policy.name, after.name);
    }
  }

  onNamespaceGone(name: string): void {
    if (!this.#started) return;
    this.#relabelled.forget(name);
    this.#sweepSoon();
  }

  onDiscoveryStale(): void {
    if (this.#started) this.#rediscovery.soon();
  }

  /** One pass over all that these policies need; others that are due soon share it. */
  async #pass(wanted: ReadonlyMap<string, ReadonlySet<ScanReason>>): Promise<void> {
    try {
      await this.#readAndLook(wanted);
    } catch (error) {
      // What was promised to this pass is due again.
      for (const run of this.#parts.runs.values()) {
        run.coveredUntil = Number.NEGATIVE_INFINITY;
        run.takenScanRequest = undefined;
      }
      throw error;
    }
  }

  async #readAndLook(wanted: ReadonlyMap<string, ReadonlySet<ScanReason>>): Promise<void> {
    const { book, runs, store, watch, ledgers, metrics, client, clock, logger } = this.#parts;
    const startedAt = clock.monotonic();
    await this.#rediscovery.now();
    this.#signal.throwIfAborted();
    // Also without a scan: one that is suspended from now on is not watched any more.
    const added = watch.follow();
    const scans = this.#times.sharing(new Set(wanted.keys()), client.serverTime()).flatMap((name) => {
      const entry = book.get(name);
      const run = runs.get(name);
      const policy = entry?.inForce;
      if (policy === undefined || run === undefined || entry === undefined) return [];
      const asked = wanted.get(name);
      if (policy.scan.suspend && !asked?.has("request") && !asked?.has("pending")) return [];
      run.takenScanRequest = openScanRequest(entry.object);
      return [{ name, policy, run, version: run.version, request: run.takenScanRequest }];
    });
    if (scans.length === 0 && added.length === 0) return;
    for (const { policy, run } of scans)
      if (this.#takenAtUnknown(policy)) run.takenAt = await this.#learnTakenAt(policy);
    const beganAt = client.serverTime();
    const isWanted = (kind: KindName) => scans.some(({ policy }) => isInScope(policy, kind)) || added.includes(kind);
    const kinds = watch.follower.kinds().filter(isWanted);
    const relabelledRead = this.#relabelled.beginRead(new Set(scans.map(({ name }) => name)));
    const [unread] = await Promise.all([watch.follower.relist(kinds), store.relist()]);
    relabelledRead();
    this.#coverage.added(added, unread);
    this.#coverage.read(kinds.filter((kind) => !unread.has(kind)));
    const current = scans.filter(({ run, version }) => run.version === version && runs.get(run.name) === run);
    for (const { policy, run, version } of current) {
      run.unread.clear();
      for (const kind of unread) if (isInScope(policy, kind)) run.unread.set(kind, beganAt);
      run.judged(version);
    }
    await ledgers.scan(new Set(current.flatMap(({ policy }) => this.#ledgersOf(policy))));
    if (this.#signal.aborted) return;
    const endedAt = client.serverTime();
    for (const { name, policy, run, version, request } of current) {
      // Edited while its ledgers were looked at: the pass that the edit asked for will tell.
      if (run.version !== version || runs.get(name) !== run) continue;
      run.lastScanTime = endedAt;
      run.handledScanRequest = request ?? run.handledScanRequest;
      run.takenScanRequest = undefined;
      this.#times.scanned(run, policy, endedAt);
      metrics.scanLastSuccess.set({ policy: name }, endedAt / 1000);
    }
    watch.countObjects();
    const seconds = (clock.monotonic() - startedAt) / 1000;
    metrics.scanDuration.observe({}, seconds);
    logger.info({ policies: current.map(({ name }) => name), unread: [...unread].sort(), seconds }, "scan ended");
    this.#coverage.refresh();
    for (const { name } of current) this.#parts.reporter.touch(name);
    this.#sweepSoon();
  }

  /** Ledgers that there should be, and those that there are. */
  #ledgersOf(policy: CompiledPolicy): readonly LedgerKey[] {
    const { watch, store } = this.#parts;
    const namespaces = watch.namespaces
      .names()
      .filter((name) => policy.matcher.matchesNamespace(name, watch.namespaces.labels(name)));
    const keys = namespaces.map((namespace) => ledgerKey(policy.name, namespace));
    if (policy.clusterResources) keys.push(ledgerKey(policy.name, ""));
    const stored = store.ledgers().filter((key) => parseLedgerKey(key).policy === policy.name);
    return [...new Set([...keys, ...stored])].sort();
  }

  #takenAtUnknown({ name }: CompiledPolicy): boolean {
    return this.#parts.world.baselineTakenAt(name) === undefined;
  }

  /** The status does not tell (the Policy was deleted and applied again): the Baselines do. */
  async #learnTakenAt({ name }: CompiledPolicy): Promise<Instant | undefined> {
    const { store } = this.#parts;
    const instants: Instant[] = [];
    for (const key of store.ledgers()) {
      const { policy, namespace } = parseLedgerKey(key);
      if (policy !== name || !store.hasBaseline(key)) continue;
      const { baselines } = await store.load(key, this.#signal);
      const id = { policy: { name, uid: "" }, namespace: namespace === "" ? undefined : namespace };
      const { stored } = decodeBaseline(baselines, id);
      if (stored !== undefined) instants.push(stored.takenAt);
    }
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** Ledgers of which objects are left but in which nothing is judged any more are looked at, so that they retire. */
  #sweepSoon(): void {
    const { store, world, ledgers } = this.#parts;
    const retired = store.ledgers().filter((key) => typeof world.standing(key, false) === "object");
    if (retired.length > 0) this.#errands.add(ledgers.scan(retired));
  }

  async #lookAtRelabelled(keys: readonly LedgerKey[]): Promise<void> {
    const policies = this.#watchedOf(keys.map((key) => parseLedgerKey(key).policy));
    await this.#parts.ledgers.scan(keys.filter((key) => policies.has(parseLedgerKey(key).policy)));
    for (const name of policies) this.#parts.reporter.touch(name);
  }

  /** Those whose changes are judged as they happen; the others wait for their next scan. */
  #watchedOf(policies: readonly string[]): ReadonlySet<string> {
    const { book } = this.#parts;
    return new Set(
      book.inForce().flatMap((policy) => (isWatched(policy) && policies.includes(policy.name) ? [policy.name] : [])),
    );
  }

  #tellAdopted(): void {
    const { runs, clock, client, reporter } = this.#parts;
    for (const run of runs.values()) {
      const adoptions = run.adoptions.take(clock.monotonic(), client.serverTime());
      if (adoptions.length === 0) continue;
      run.tell(adoptions);
      reporter.touch(run.name);
    }
  }
}

/** Adoptions of a policy until then were told of, or are those of an earlier policy of the same name. */
function toldUntil({ object }: PolicyEntry): Instant {
  const told = (object.status?.adoptions ?? []).flatMap(({ at }) => parseInstant(at) ?? []);
  return Math.max(object.createdAt, ...told);
}
