import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import { type EvaluationContext, evaluateResource } from "../engine/evaluate-resource.ts";
import type { OwnershipSettings } from "../engine/ownership/ownership.ts";
import { type KindName, parseKindName } from "../engine/resource.ts";
import { whyUnusable } from "../engine/views/resource-view.ts";
import type { ApiType, ObjectKey } from "../kube/api-type.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock, Random } from "../kube/clock.ts";
import { type Discovery, discover, sameDiscovery } from "../kube/discovery.ts";
import type { Logger } from "../kube/logger.ts";
import { identityOf, metadataOf, type RawObject, text } from "../kube/object.ts";
import { Reflector } from "../kube/reflector.ts";
import type { SyncSlots } from "../kube/sync-slots.ts";
import type { Basis, ReflectorMetrics } from "../kube/watch-consumer.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { ClusterState, type StateChange } from "./cluster-state.ts";
import { JudgingBases } from "./judging-bases.ts";
import { KindFollower, type KindListener } from "./kind-follower.ts";
import { type Catalog, kindsToFollow, namespaceKind, nextCatalog } from "./kind-scope.ts";
import { NamespaceBook, type NamespaceInfo } from "./namespace-book.ts";

/** Told of what happens in the cluster. */
export interface ClusterListener {
  /** A record changed in a way that some ledger can see. */
  onChange(change: StateChange): void;
  /** A kind that could not be trusted for a while is complete and current again. */
  onKindCurrent(kind: KindName): void;
  /** A kind that a full pass gave up waiting for has been read after all. */
  onReadLate(kind: KindName): void;
  /** `before`: undefined for a namespace that was not there. */
  onNamespace(before: NamespaceInfo | undefined, after: NamespaceInfo): void;
  onNamespaceGone(name: string): void;
  /** Discovery may answer differently now: a CustomResourceDefinition came or went, or a kind is not served any more. */
  onDiscoveryStale(): void;
}

export interface ClusterWatchOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly watchMetrics: ReflectorMetrics;
  readonly slots: SyncSlots;
  readonly ownership: OwnershipSettings;
  /** The versions in force, by which every object is judged as it passes by; another list whenever one of them is another. */
  readonly policies: () => readonly CompiledPolicy[];
  readonly listener: ClusterListener;
}

const crdType: ApiType = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

/** Follows the cluster, judges every object as it passes by, and keeps the small record that is left of it. */
export class ClusterWatch implements KindListener {
  readonly state = new ClusterState();
  readonly namespaces = new NamespaceBook();
  readonly follower: KindFollower;
  readonly #options: ClusterWatchOptions;
  readonly #definitions: Reflector;
  readonly #context: EvaluationContext;
  readonly #bases: JudgingBases;
  /** Kinds that were known not to be current when last asked. */
  readonly #wasStale = new Set<KindName>();
  /** CustomResourceDefinitions that are being deleted, by name. */
  readonly #endingDefinitions = new Set<string>();
  #catalog: Catalog | undefined;

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.#context = { namespaceLabels: (name) => this.namespaces.labels(name), ownership: options.ownership };
    const { client, clock, random, logger, watchMetrics, listener, policies } = options;
    this.#bases = new JudgingBases({ policies, namespaceLabels: (name) => this.namespaces.labels(name) });
    this.follower = new KindFollower({
      client,
      clock,
      random,
      logger,
      metrics: watchMetrics,
      slots: options.slots,
      listener: this,
    });
    this.#definitions = new Reflector({
      client,
      type: crdType,
      metadataOnly: true,
      slots: options.slots,
      clock,
      random,
      logger,
      metrics: watchMetrics,
      consumer: {
        onUpsert: (object, { initial }) => {
          this.#definitionChanged(object);
          if (!initial) listener.onDiscoveryStale();
        },
        onDelete: ({ name }) => {
          this.#endingDefinitions.delete(name);
          listener.onDiscoveryStale();
        },
        onSynced: () => listener.onDiscoveryStale(),
        onStale: () => undefined,
        onCurrent: () => undefined,
      },
    });
  }

  /** What discovery said last. Throws TypeError before the first `rediscover`. */
  get catalog(): Catalog {
    if (this.#catalog === undefined) throw new TypeError("discovery has not been asked yet");
    return this.#catalog;
  }

  /** Watches CustomResourceDefinitions until the signal is aborted, then ends all that is followed. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#definitions.run(signal);
    await this.follower.stop();
  }

  /** Asks the API server what it serves. True if the answer is another one than before. Throws KubeError. */
  async rediscover(signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const discovery = this.#withoutEnding(await discover(client, signal));
    const before = this.#catalog;
    this.#catalog = nextCatalog(before, discovery, client.serverTime());
    return before === undefined || !sameDiscovery(before.discovery, discovery);
  }

  /** Whether a namespace that is not in the book does not exist. */
  get knowsNamespaces(): boolean {
    return this.follower.stale(namespaceKind) === null;
  }

  /** Reads the namespaces, on which all else rests, and follows them from now on. */
  async followNamespaces(): Promise<void> {
    this.follower.follow(kindsToFollow([], this.catalog));
    await this.follower.relist([namespaceKind]);
  }

  /** Follows what the policies ask for, as far as it is served; returns kinds of which nothing was read so far. */
  follow(): readonly KindName[] {
    const { policies } = this.#options;
    const { dropped, added } = this.follower.follow(kindsToFollow(policies(), this.catalog));
    this.#forget(dropped);
    return added;
  }

  /** Objects read and judged, by kind, as metrics. */
  countObjects(): void {
    const judged = new Map<KindName, number>();
    for (const namespace of ["", ...this.state.namespaces()])
      for (const { id, role } of this.state.records(namespace)) {
        if (role === "folded") continue;
        const kind = id.group === "" ? id.kind : `${id.kind}.${id.group}`;
        judged.set(kind, (judged.get(kind) ?? 0) + 1);
      }
    for (const kind of this.follower.kinds()) {
      const count = judged.get(kind) ?? 0;
      this.#options.metrics.scanObjects.set({ kind, outcome: "judged" }, count);
      this.#options.metrics.scanObjects.set(
        { kind, outcome: "folded" },
        Math.max(0, this.follower.objects(kind) - count),
      );
    }
  }

  /** A Namespace is given whenever it is read: its labels and its age matter to others. */
  basis(kind: KindName, namespace: string): Basis | undefined {
    return kind === namespaceKind ? undefined : this.#bases.of(namespace);
  }

  onObject(kind: KindName, object: RawObject): void {
    const { listener, metrics, clock, logger, policies } = this.#options;
    if (kind === namespaceKind) {
      const { before, after } = this.namespaces.upsert(object);
      listener.onNamespace(before, after);
    }
    const startedAt = clock.monotonic();
    const judged = evaluateResource(object, policies(), this.#context);
    metrics.objectEvaluation.observe({}, (clock.monotonic() - startedAt) / 1000);
    if (judged === undefined) {
      const why = whyUnusable(object);
      logger.warn({ kind, ...identityOf(object), why }, "object does not say what it is and was not judged");
      return;
    }
    const change = this.state.upsert(judged);
    if (change !== undefined) listener.onChange(change);
  }

  onGone(kind: KindName, key: ObjectKey): void {
    const { listener } = this.#options;
    const change = this.state.remove({ ...parseKindName(kind), namespace: key.namespace, name: key.name });
    if (kind === namespaceKind) {
      this.namespaces.delete(key.name);
      this.#bases.forget(key.name);
      listener.onNamespaceGone(key.name);
    }
    if (change !== undefined) listener.onChange(change);
  }

  /** A kind leaves the scope when its deletion begins: what follows is the end of all its objects, and no fix of any of them. */
  #definitionChanged(object: RawObject): void {
    const { name } = identityOf(object);
    if (text(metadataOf(object).deletionTimestamp) === "") {
      this.#endingDefinitions.delete(name);
      return;
    }
    this.#endingDefinitions.add(name);
    if (this.#catalog === undefined) return;
    this.#catalog = { ...this.#catalog, discovery: this.#withoutEnding(this.#catalog.discovery) };
    const { types } = this.#catalog.discovery;
    this.#forget(this.follower.unfollow((kind) => !types.has(kind)));
  }

  #withoutEnding(discovery: Discovery): Discovery {
    const isEnding = ({ plural, group }: ApiType) => this.#endingDefinitions.has(`${plural}.${group}`);
    return { ...discovery, types: new Map([...discovery.types].filter(([, type]) => !isEnding(type))) };
  }

  #forget(kinds: readonly KindName[]): void {
    const { listener, metrics } = this.#options;
    for (const kind of kinds) {
      this.#wasStale.delete(kind);
      metrics.forget("kind", kind);
      for (const change of this.state.forgetKind(kind)) listener.onChange(change);
    }
  }

  onState(kind: KindName): void {
    const { listener } = this.#options;
    if (this.follower.stale(kind) !== null) {
      this.#wasStale.add(kind);
      return;
    }
    if (this.#wasStale.delete(kind)) listener.onKindCurrent(kind);
  }

  onNotServed(): void {
    this.#options.listener.onDiscoveryStale();
  }

  onReadLate(kind: KindName): void {
    this.#options.listener.onReadLate(kind);
  }
}
