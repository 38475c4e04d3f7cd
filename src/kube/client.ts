import { type ApiType, collectionPath, type ObjectKey, objectPath, typeName } from "./api-type.ts";
import type { Clock, Random } from "./clock.ts";
import { MalformedResponseError } from "./errors.ts";
import { METADATA_LIST, METADATA_ONE } from "./list-item.ts";
import { identityOf, isRecord, metadataOf, type RawObject, text } from "./object.ts";
import { type ListEvent, type ListOptions, listPages } from "./paged-list.ts";
import { type ApiCall, Requester } from "./requester.ts";
import { type RateLimit, TokenBucket } from "./token-bucket.ts";
import type { Lane, Transport } from "./transport.ts";
import { openWatch, type WatchOptions, type WatchStream } from "./watch-stream.ts";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions extends CallOptions {
  /** Only `metadata` is sent, for kinds whose content nobody needs. */
  readonly metadataOnly?: boolean | undefined;
}

export interface WriteOptions extends CallOptions {
  /** Checks and answers as if it were done, and changes nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface PatchOptions extends WriteOptions {
  /** The patch applies to this version only; another one is a ConflictError. */
  readonly resourceVersion?: string | undefined;
}

export interface DeleteOptions extends WriteOptions {
  /** Deletes only the object of this uid, or of this version; another one is a ConflictError. */
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagation?: "Background" | "Foreground" | "Orphan" | undefined;
}

export interface KubeClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** Applies to reads and lists, and apart from them to writes; watches and the Lease are free. */
  readonly rateLimit: RateLimit;
}

/** Longest that a mere look may take. */
const PROBE_DEADLINE_MS = 10_000;

const MERGE_PATCH = "application/merge-patch+json";

/** Reads and writes objects as raw JSON. Every method throws KubeError, or the reason of an aborted signal. */
export class KubeClient {
  readonly #options: KubeClientOptions;
  readonly #requester: Requester;
  readonly #lane: Lane | undefined;

  constructor(options: KubeClientOptions, lane?: Lane) {
    this.#options = options;
    this.#lane = lane;
    this.#requester = new Requester({
      transport: options.transport,
      clock: options.clock,
      buckets: {
        read: new TokenBucket(options.rateLimit, options.clock),
        write: new TokenBucket(options.rateLimit, options.clock),
      },
    });
  }

  /** The same cluster over the Lease's own connection, for leader election. */
  forLease(): KubeClient {
    return new KubeClient(this.#options, "lease");
  }

  /** Milliseconds since the epoch by the API server's clock; by ours before its first answer. */
  serverTime(): number {
    return this.#options.transport.serverTime();
  }

  get(type: ApiType, key: ObjectKey, options: ReadOptions = {}): Promise<RawObject> {
    return this.#object({
      method: "GET",
      path: objectPath(type, key),
      accept: options.metadataOnly ? METADATA_ONE : undefined,
      signal: options.signal,
    });
  }

  /** All objects of a type, page by page; see `ListEvent` for what is yielded. */
  list(type: ApiType, options: ListOptions = {}): AsyncGenerator<ListEvent, void, undefined> {
    return listPages(this.#requester, this.#options, type, options);
  }

  /** The version that a list of this type has at this moment. Cheap: nothing is listed. */
  async currentVersion(
    type: ApiType,
    options: { readonly namespace?: string | undefined } & CallOptions = {},
  ): Promise<string> {
    const answer = await this.#object({
      method: "GET",
      path: collectionPath(type, options.namespace ?? ""),
      query: { limit: 1 },
      accept: METADATA_LIST,
      deadlineMs: PROBE_DEADLINE_MS,
      signal: options.signal,
    });
    return text(metadataOf(answer).resourceVersion);
  }

  /** Opens a watch; resolves when the server has accepted it. */
  watch(type: ApiType, options: WatchOptions): Promise<WatchStream> {
    return openWatch(this.#requester, this.#options.clock, type, options);
  }

  /** Throws AlreadyExistsError where an object of this name exists. */
  create(type: ApiType, object: RawObject, options: WriteOptions = {}): Promise<RawObject> {
    const { namespace } = identityOf(object);
    if (type.namespaced && namespace === "") throw new TypeError(`${typeName(type)}: metadata.namespace is missing`);
    return this.#object({
      method: "POST",
      path: collectionPath(type, namespace),
      query: dryRun(options),
      body: object,
      signal: options.signal,
    });
  }

  /** Writes the whole object. It must carry a resourceVersion; throws ConflictError where that is not the latest. */
  replace(type: ApiType, object: RawObject, options: WriteOptions = {}): Promise<RawObject> {
    return this.#replace(type, object, "", options);
  }

  /** The same for `status` alone, of types that have it as a subresource. */
  replaceStatus(type: ApiType, object: RawObject, options: WriteOptions = {}): Promise<RawObject> {
    return this.#replace(type, object, "/status", options);
  }

  /** Merges `patch` into the object: null removes a field, a list is replaced as a whole. */
  patch(type: ApiType, key: ObjectKey, patch: RawObject, options: PatchOptions = {}): Promise<RawObject> {
    return this.#patch(type, key, patch, "", options);
  }

  /** The same for `status` alone, of types that have it as a subresource: `patchStatus(t, k, {status: {…}})`. */
  patchStatus(type: ApiType, key: ObjectKey, patch: RawObject, options: PatchOptions = {}): Promise<RawObject> {
    return this.#patch(type, key, patch, "/status", options);
  }

  /** Throws NotFoundError where there is nothing to delete. */
  async delete(type: ApiType, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    await this.#requester.json({
      method: "DELETE",
      path: objectPath(type, key),
      query: dryRun(options),
      lane: this.#lane,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: options.propagation,
        preconditions: { uid: options.uid, resourceVersion: options.resourceVersion },
      },
      signal: options.signal,
    });
  }

  /** Anything else the API serves: `request({method: "GET", path: "/version"})`. */
  request(call: ApiCall): Promise<unknown> {
    return this.#requester.json({ ...call, lane: call.lane ?? this.#lane });
  }

  #replace(type: ApiType, object: RawObject, subresource: string, options: WriteOptions): Promise<RawObject> {
    const key = identityOf(object);
    if (key.resourceVersion === "")
      throw new TypeError(
        `${typeName(type)}/${key.name}: metadata.resourceVersion is missing, so the write could undo another's`,
      );
    return this.#object({
      method: "PUT",
      path: objectPath(type, key) + subresource,
      query: dryRun(options),
      body: object,
      signal: options.signal,
    });
  }

  #patch(
    type: ApiType,
    key: ObjectKey,
    patch: RawObject,
    subresource: string,
    options: PatchOptions,
  ): Promise<RawObject> {
    const { resourceVersion } = options;
    const metadata = isRecord(patch.metadata) ? patch.metadata : {};
    return this.#object({
      method: "PATCH",
      path: objectPath(type, key) + subresource,
      query: dryRun(options),
      contentType: MERGE_PATCH,
      body: resourceVersion === undefined ? patch : { ...patch, metadata: { ...metadata, resourceVersion } },
      signal: options.signal,
    });
  }

  async #object(call: ApiCall): Promise<RawObject> {
    const answer = await this.#requester.json({ ...call, lane: this.#lane });
    if (!isRecord(answer)) throw new MalformedResponseError(`${call.method} ${call.path}`, "the answer is no object");
    return answer;
  }
}

function dryRun(options: WriteOptions): ApiCall["query"] {
  return options.dryRun ? { dryRun: "All" } : undefined;
}
