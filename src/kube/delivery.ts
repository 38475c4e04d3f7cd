import { abortable } from "./abort.ts";
import { type ApiType, type ObjectKey, typeName } from "./api-type.ts";
import type { Digest, Recognise } from "./digest.ts";
import { KnownObjects } from "./known-objects.ts";
import { identityOf, type RawObject } from "./object.ts";
import { compareVersions } from "./resource-version.ts";
import type { CompletedPass, PassKind, WatchConsumer } from "./watch-consumer.ts";

/** The consumer threw, so it has not taken in an object that exists. */
export class ConsumerError extends Error {
  override readonly name = "ConsumerError";
}

/**
 * Hands objects to the consumer, one call after the other, and keeps the books on what exists: so that a deletion
 * that nobody told us of is noticed, and old news is not taken for new.
 */
export class Delivery {
  readonly #type: ApiType;
  readonly #consumer: WatchConsumer;
  readonly #known = new KnownObjects();
  #turn: Promise<unknown> = Promise.resolve();
  /** Keys that events touched while a namespace is being listed. */
  readonly #touched = new Map<symbol, Set<string>>();
  /** Full passes that have ended. */
  #passes = 0;

  constructor(type: ApiType, consumer: WatchConsumer) {
    this.#type = type;
    this.#consumer = consumer;
  }

  get objects(): number {
    return this.#known.size;
  }

  has(key: ObjectKey): boolean {
    return this.#known.get(key) !== undefined;
  }

  /** Keeps all others out while `task` delivers. */
  async alone<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    // Whoever asked for the task gets its error; those that come after it have nothing to do with it.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** An object of a full pass, which is the truth whatever was known before. Only inside `alone`. */
  async listed(object: RawObject, digest?: Digest): Promise<void> {
    const identity = identityOf(object);
    // Asked before: what changes while the consumer works has not been minded.
    const basis = digest === undefined ? undefined : this.#consumer.basis?.(identity.namespace);
    await this.#upsert(object, true);
    if (digest !== undefined && basis !== undefined) this.#known.takenIn(identity, digest, basis);
  }

  /** An event of the watch. */
  event(type: "upsert" | "delete", object: RawObject): Promise<void> {
    return this.alone(() => (type === "upsert" ? this.#changed(object) : this.deleted(object)));
  }

  async #changed(object: RawObject): Promise<void> {
    const identity = identityOf(object);
    for (const touched of this.#touched.values()) touched.add(`${identity.namespace}/${identity.name}`);
    const known = this.#known.get(identity);
    // Events that a listing has overtaken come again when the watch resumes behind it.
    if (known?.uid === identity.uid && isOldNews(identity.resourceVersion, known.resourceVersion)) return;
    await this.#upsert(object, false);
  }

  /** DELETED. Only inside `alone`. */
  async deleted(object: RawObject): Promise<void> {
    const { namespace, name, uid } = identityOf(object);
    for (const touched of this.#touched.values()) touched.add(`${namespace}/${name}`);
    const known = this.#known.get({ namespace, name });
    if (known === undefined || known.uid !== uid) return;
    this.#known.delete({ namespace, name });
    await this.#call(() => this.#consumer.onDelete({ namespace, name, uid, object }));
  }

  /** Calls the consumer about something else than an object. */
  tell(call: () => void | Promise<void>): Promise<void> {
    return this.alone(() => this.#call(call));
  }

  /** What it returns knows objects that need not be given in this pass, and counts them as seen. */
  beginPass(): Recognise {
    this.#known.beginPass();
    return (digest) => this.#known.recognise(digest);
  }

  /** Concludes from a complete pass that all else is gone. Only inside `alone`. */
  async endPass(pass: PassKind): Promise<CompletedPass> {
    for (const gone of this.#known.missing()) {
      this.#known.delete(gone);
      const { namespace, name, uid } = gone;
      await this.#call(() => this.#consumer.onDelete({ namespace, name, uid }));
    }
    this.#passes += 1;
    const completed = { pass, objects: this.#known.size };
    await this.#call(() => this.#consumer.onSynced(completed));
    return completed;
  }

  /**
   * Delivers a listing that runs beside the watch, unchanged objects too. What an event has touched since the listing
   * began is left to the watch, which knows better. Begins when the full pass that is under way has ended: that one
   * may have given objects before there was a reason to list, so only a pass that begins later has delivered
   * everything already when it ends. Throws ConsumerError, the listing's errors, or the signal's reason.
   */
  async besideWatch(objects: AsyncIterable<RawObject>, signal?: AbortSignal): Promise<void> {
    await abortable(
      this.alone(async () => undefined),
      signal,
    );
    const id = Symbol("listing");
    const touched = new Set<string>();
    const passes = this.#passes;
    this.#touched.set(id, touched);
    try {
      for await (const object of objects) {
        const { namespace, name, resourceVersion } = identityOf(object);
        const overtaken = await this.alone(async () => {
          if (this.#passes !== passes) return true;
          if (touched.has(`${namespace}/${name}`)) return false;
          // A pass that broke off may have given a newer state, or a newer object of this name.
          const known = this.#known.get({ namespace, name });
          if (known === undefined || !isOlder(resourceVersion, known.resourceVersion))
            await this.#upsert(object, false);
          return false;
        });
        if (overtaken) return;
      }
    } finally {
      this.#touched.delete(id);
    }
  }

  async #upsert(object: RawObject, initial: boolean): Promise<void> {
    const identity = identityOf(object);
    const { namespace, name } = identity;
    const known = this.#known.get(identity);
    const replaced = known !== undefined && known.uid !== identity.uid ? known.uid : null;
    this.#known.set(identity);
    if (replaced !== null) await this.#call(() => this.#consumer.onDelete({ namespace, name, uid: replaced }));
    await this.#call(() => this.#consumer.onUpsert(object, { initial }));
  }

  async #call(task: () => void | Promise<void>): Promise<void> {
    try {
      await task();
    } catch (cause) {
      throw new ConsumerError(`the consumer of ${typeName(this.#type)} failed`, { cause });
    }
  }
}

function isOldNews(version: string, known: string): boolean {
  const order = compareVersions(version, known);
  return order !== undefined && order <= 0;
}

function isOlder(version: string, known: string): boolean {
  return (compareVersions(version, known) ?? 0) < 0;
}
