import { version as apiVersionName, group } from "../api/group.ts";
import type { ApiType, ObjectKey } from "../kube/api-type.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock, Random } from "../kube/clock.ts";
import { NotFoundError } from "../kube/errors.ts";
import type { Logger } from "../kube/logger.ts";
import { identityOf, type RawObject, text } from "../kube/object.ts";
import { Reflector } from "../kube/reflector.ts";
import { compareVersions } from "../kube/resource-version.ts";
import type { SyncSlots } from "../kube/sync-slots.ts";
import type { ReflectorMetrics } from "../kube/watch-consumer.ts";
import { type LedgerKey, ledgerKey } from "./ledger-key.ts";
import { baselineKindName, ledgerTypes } from "./own-kinds.ts";

export interface LedgerStoreOptions {
  readonly client: KubeClient;
  readonly slots: SyncSlots;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ReflectorMetrics;
  /** Somebody else wrote or deleted an object of this ledger. */
  readonly onForeignChange: (key: LedgerKey) => void;
}

/** The API objects of one ledger as they are stored. */
export interface LedgerObjects {
  readonly baselines: readonly RawObject[];
  /** The report and its parts. */
  readonly reports: readonly RawObject[];
}

/** What the metadata watch says exists. */
interface Listed {
  readonly kind: string;
  readonly key: ObjectKey;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The last object read or written. It is kept as text, which takes a fraction of the parsed object's memory. */
interface Cached {
  readonly kind: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly json: string;
}

type ObjectName = string;

/**
 * Baselines, reports and parts as the API server holds them. Only their metadata is watched; content is read once and then known from
 * our own writes, until the metadata shows that somebody else wrote.
 */
export class LedgerStore {
  readonly #options: LedgerStoreOptions;
  readonly #listed = new Map<LedgerKey, Map<ObjectName, Listed>>();
  readonly #cached = new Map<LedgerKey, Map<ObjectName, Cached>>();
  readonly #reflectors: readonly Reflector[];

  constructor(options: LedgerStoreOptions) {
    this.#options = options;
    this.#reflectors = [...ledgerTypes.values()].map((type) => this.#reflector(type));
  }

  /** Follows the metadata until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.run(signal)));
  }

  /** Lists the metadata of everything of ours anew; ledgers that differ from what we wrote are reported as foreign changes. */
  async relist(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.relist()));
  }

  /** Ledgers of which any object exists, sorted. */
  ledgers(): readonly LedgerKey[] {
    return [...this.#listed.keys()].sort();
  }

  /** Whether any Baseline of the ledger exists. */
  hasBaseline(key: LedgerKey): boolean {
    const known = [...(this.#listed.get(key)?.values() ?? []), ...(this.#cached.get(key)?.values() ?? [])];
    return known.some(({ kind }) => kind === baselineKindName);
  }

  /** Reads what is not known. Throws KubeError. */
  async load(key: LedgerKey, signal: AbortSignal): Promise<LedgerObjects> {
    const baselines: RawObject[] = [];
    const reports: RawObject[] = [];
    for (const name of this.#names(key)) {
      const object = await this.#read(key, name, signal);
      if (object === undefined) continue;
      (object.kind === baselineKindName ? baselines : reports).push(object);
    }
    return { baselines, reports };
  }

  /** Creates or replaces; returns the object as stored. Throws ConflictError or AlreadyExistsError where we knew an older state. */
  async put(key: LedgerKey, object: RawObject, signal: AbortSignal): Promise<RawObject> {
    const type = typeOf(object);
    const { resourceVersion } = identityOf(object);
    const { client } = this.#options;
    const stored =
      resourceVersion === ""
        ? await client.create(type, object, { signal })
        : await client.replace(type, object, { signal });
    this.#remember(key, stored);
    return stored;
  }

  /** An object that is gone already is no error. */
  async remove(key: LedgerKey, kind: string, object: ObjectKey, signal: AbortSignal): Promise<void> {
    const type = ledgerTypes.get(kind);
    if (type === undefined) throw new TypeError(`${kind} holds no ledger`);
    const name = objectName(kind, object);
    const known = this.#cached.get(key)?.get(name) ?? this.#listed.get(key)?.get(name);
    try {
      // Only what we know: one that another leader has taken up meanwhile stays.
      const { uid, resourceVersion } = known ?? { uid: "", resourceVersion: "" };
      await this.#options.client.delete(type, object, {
        signal,
        ...(uid === "" ? {} : { uid }),
        ...(resourceVersion === "" ? {} : { resourceVersion }),
      });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    forget(this.#cached, key, name);
    forget(this.#listed, key, name);
  }

  /** Everything that exists of a ledger, by kind and name. */
  objects(key: LedgerKey): readonly { readonly kind: string; readonly key: ObjectKey }[] {
    return [...(this.#listed.get(key)?.values() ?? [])].map(({ kind, key: object }) => ({ kind, key: object }));
  }

  /** Forgets the content of a ledger's objects, so that the next `load` reads them anew: a write met a conflict. */
  invalidate(key: LedgerKey): void {
    this.#cached.delete(key);
  }

  /** After a conflict: makes sure that objects which exist, but which the watch has not shown yet, are read. */
  expect(key: LedgerKey, kind: string, object: ObjectKey): void {
    const name = objectName(kind, object);
    const listed = this.#listed.get(key) ?? new Map<ObjectName, Listed>();
    if (!listed.has(name)) listed.set(name, { kind, key: object, uid: "", resourceVersion: "" });
    this.#listed.set(key, listed);
  }

  #names(key: LedgerKey): readonly ObjectName[] {
    return [...new Set([...(this.#listed.get(key)?.keys() ?? []), ...(this.#cached.get(key)?.keys() ?? [])])].sort();
  }

  async #read(key: LedgerKey, name: ObjectName, signal: AbortSignal): Promise<RawObject | undefined> {
    const cached = this.#cached.get(key)?.get(name);
    if (cached !== undefined) return JSON.parse(cached.json) as RawObject;
    const listed = this.#listed.get(key)?.get(name);
    const type = listed === undefined ? undefined : ledgerTypes.get(listed.kind);
    if (listed === undefined || type === undefined) return undefined;
    try {
      const object = await this.#options.client.get(type, listed.key, { signal });
      this.#remember(key, object);
      return object;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      forget(this.#listed, key, name);
      return undefined;
    }
  }

  #remember(key: LedgerKey, object: RawObject): void {
    const kind = text(object.kind);
    const { uid, resourceVersion, namespace, name } = identityOf(object);
    const cached = this.#cached.get(key) ?? new Map<ObjectName, Cached>();
    cached.set(objectName(kind, { namespace, name }), { kind, uid, resourceVersion, json: JSON.stringify(object) });
    this.#cached.set(key, cached);
  }

  #reflector(type: ApiType): Reflector {
    const { client, slots, clock, random, logger, metrics } = this.#options;
    return new Reflector({
      client,
      type,
      metadataOnly: true,
      slots,
      clock,
      random,
      logger,
      metrics,
      consumer: {
        onUpsert: (object) => this.#appeared(type.kind, object),
        onDelete: ({ namespace, name, uid }) => this.#vanished(type.kind, { namespace, name }, uid),
        onSynced: () => undefined,
        onStale: () => undefined,
        onCurrent: () => undefined,
      },
    });
  }

  #appeared(kind: string, object: RawObject): void {
    const key = keyOf(kind, object);
    if (key === undefined) return;
    const { namespace, name, uid, resourceVersion } = identityOf(object);
    const own = objectName(kind, { namespace, name });
    const listed = this.#listed.get(key) ?? new Map<ObjectName, Listed>();
    listed.set(own, { kind, key: { namespace, name }, uid, resourceVersion });
    this.#listed.set(key, listed);
    const cached = this.#cached.get(key)?.get(own);
    if (cached === undefined) {
      // Not read so far: whoever loads the ledger next will see it. Somebody has to, if it is not of our making.
      if (this.#cached.has(key)) this.#options.onForeignChange(key);
      return;
    }
    if (cached.uid === uid && !isNewer(resourceVersion, cached.resourceVersion)) return;
    forget(this.#cached, key, own);
    this.#options.onForeignChange(key);
  }

  #vanished(kind: string, object: ObjectKey, uid: string): void {
    const key = keyOf(kind, { metadata: object });
    const own = objectName(kind, object);
    if (key === undefined || this.#listed.get(key)?.get(own)?.uid !== uid) return;
    forget(this.#listed, key, own);
    if (this.#cached.get(key)?.get(own)?.uid !== uid) return;
    forget(this.#cached, key, own);
    this.#options.onForeignChange(key);
  }
}

/** Whose object it is, by its name, because labels may have been edited away; undefined for one that is nobody's. */
function keyOf(kind: string, object: RawObject): LedgerKey | undefined {
  const { namespace, name } = identityOf(object);
  // A policy's name has no dot. A report is named like its policy, a part like the policy and a number.
  const [policy = "", scope, within = ""] = name.split(".");
  if (kind !== baselineKindName) return ledgerKey(policy, namespace);
  if (scope === "cluster") return ledgerKey(policy, "");
  return scope === "ns" && within !== "" ? ledgerKey(policy, within) : undefined;
}

function typeOf(object: RawObject): ApiType {
  const type = ledgerTypes.get(text(object.kind));
  if (type === undefined) throw new TypeError(`${group}/${apiVersionName} ${text(object.kind)} holds no ledger`);
  return type;
}

function objectName(kind: string, { namespace, name }: ObjectKey): ObjectName {
  return `${kind}/${namespace}/${name}`;
}

/** Versions that cannot be compared count as newer: reading once too often does no harm. */
function isNewer(version: string, than: string): boolean {
  const order = compareVersions(version, than);
  return order === undefined || order > 0;
}

function forget<T>(ledgers: Map<LedgerKey, Map<ObjectName, T>>, key: LedgerKey, name: ObjectName): void {
  const objects = ledgers.get(key);
  objects?.delete(name);
  if (objects?.size === 0) ledgers.delete(key);
}
