import { type ApiType, collectionPath } from "./api-type.ts";
import { BrokenJsonError, parseJson } from "./broken-json.ts";
import type { Clock } from "./clock.ts";
import { type Digest, digestOf, type Recognise, type Same } from "./digest.ts";
import { apiError, MalformedResponseError, readStatus, SilentWatchError } from "./errors.ts";
import { JsonLines } from "./json-lines.ts";
import { METADATA_ONE, withType } from "./list-item.ts";
import { isRecord, metadataOf, type RawObject, text } from "./object.ts";
import type { OpenResponse, Requester } from "./requester.ts";

/** Where a watch begins. */
export type WatchStart =
  /** After this version, which was listed or seen before. */
  | { readonly resourceVersion: string }
  /** With everything that exists, closed by an event of type `initial-end`. */
  | { readonly initialEvents: true };

export interface WatchOptions {
  readonly start: WatchStart;
  readonly namespace?: string | undefined;
  readonly metadataOnly?: boolean | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** The server ends the watch after this time. */
  readonly timeoutSeconds: number;
  /** Silence after which the watch counts as dead: no event, no bookmark, not a byte. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export type WatchEvent =
  /** `digest`: of the whole event, where it is one of `nextInitial`. */
  | { readonly type: "upsert"; readonly object: RawObject; readonly digest?: Digest }
  | { readonly type: "delete"; readonly object: RawObject }
  | { readonly type: "bookmark"; readonly resourceVersion: string }
  /** The bookmark that closes the initial events. */
  | { readonly type: "initial-end"; readonly resourceVersion: string };

export interface WatchStream {
  /**
   * The next event; null when the server has ended the watch in order. Throws the ApiError of an ERROR event,
   * SilentWatchError, ConnectionError, MalformedResponseError, or the reason of an aborted signal.
   */
  next(): Promise<WatchEvent | null>;
  /** The same for initial events, with another bound for silence. Those that are recognised are not looked into. */
  nextInitial(silenceMs: number, recognise: Recognise): Promise<WatchEvent | Same | null>;
  /** Must be called in the end. */
  close(): void;
}

const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** Opens a watch. Throws KubeError, or the reason of an aborted signal. */
export async function openWatch(
  requester: Requester,
  clock: Clock,
  type: ApiType,
  options: WatchOptions,
): Promise<WatchStream> {
  const initial = "initialEvents" in options.start;
  const response = await requester.open({
    lane: "watch",
    method: "GET",
    path: collectionPath(type, options.namespace ?? ""),
    query: {
      watch: true,
      allowWatchBookmarks: true,
      sendInitialEvents: initial ? true : undefined,
      resourceVersionMatch: initial ? "NotOlderThan" : undefined,
      resourceVersion: "resourceVersion" in options.start ? options.start.resourceVersion : undefined,
      timeoutSeconds: options.timeoutSeconds,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
    },
    accept: options.metadataOnly ? METADATA_ONE : undefined,
    deadlineMs: Number.POSITIVE_INFINITY,
    signal: options.signal,
  });
  return new ResponseWatch(response, clock, type, options.silenceMs);
}

class ResponseWatch implements WatchStream {
  readonly #response: OpenResponse;
  readonly #clock: Clock;
  readonly #type: ApiType;
  readonly #silenceMs: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #cutter = new JsonLines();
  /** Of the chunk that is being read. */
  #lines: Iterator<Uint8Array> = [].values();

  constructor(response: OpenResponse, clock: Clock, type: ApiType, silenceMs: number) {
    this.#response = response;
    this.#clock = clock;
    this.#type = type;
    this.#silenceMs = silenceMs;
    this.#chunks = response.body[Symbol.asyncIterator]();
  }

  next(): Promise<WatchEvent | null> {
    return this.#next(this.#silenceMs, (line) => this.#parse(line));
  }

  nextInitial(silenceMs: number, recognise: Recognise): Promise<WatchEvent | Same | null> {
    return this.#next(silenceMs, (line) => {
      const digest = digestOf(line);
      if (recognise(digest)) return { type: "same" };
      const event = this.#parse(line);
      return event.type === "upsert" ? { ...event, digest } : event;
    });
  }

  async #next<T>(silenceMs: number, read: (line: Uint8Array) => T): Promise<T | null> {
    try {
      for (;;) {
        const line = this.#lines.next();
        if (!line.done) return read(line.value);
        const chunk = await this.#nextChunk(silenceMs);
        if (chunk === null) {
          this.#cutter.end();
          return null;
        }
        this.#lines = this.#cutter.push(chunk);
      }
    } catch (cause) {
      if (cause instanceof BrokenJsonError) throw this.#malformed(cause.message, cause);
      throw cause;
    }
  }

  close(): void {
    this.#response.close();
  }

  /** Only waiting counts as silence: a reader that is slow to ask says nothing about the server. */
  async #nextChunk(silenceMs: number): Promise<Uint8Array | null> {
    let silent = false;
    const cancel = this.#clock.after(silenceMs, () => {
      silent = true;
      this.#response.suspect();
      this.#response.close();
    });
    try {
      const { done, value } = await this.#chunks.next();
      if (!silent) return done ? null : value;
      throw this.#silent();
    } catch (cause) {
      throw silent ? this.#silent(cause) : cause;
    } finally {
      cancel();
    }
  }

  #silent(cause?: unknown): SilentWatchError {
    return cause instanceof SilentWatchError
      ? cause
      : new SilentWatchError(this.#response.request, "nothing came for too long, not even a bookmark", { cause });
  }

  #parse(line: Uint8Array): WatchEvent {
    const value = parseJson(line);
    if (!isRecord(value) || !isRecord(value.object)) throw this.#malformed("an event without an object");
    const { object } = value;
    switch (value.type) {
      case "ADDED":
      case "MODIFIED":
        return { type: "upsert", object: withType(object, this.#type) };
      case "DELETED":
        return { type: "delete", object: withType(object, this.#type) };
      case "BOOKMARK": {
        const metadata = metadataOf(object);
        const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
        const resourceVersion = text(metadata.resourceVersion);
        if (resourceVersion === "") throw this.#malformed("a bookmark without a version");
        return { type: annotations[INITIAL_EVENTS_END] === "true" ? "initial-end" : "bookmark", resourceVersion };
      }
      case "ERROR":
        throw apiError(this.#response.request, readStatus(object, 0, null));
      default:
        throw this.#malformed(`an event of unknown type ${JSON.stringify(value.type)}`);
    }
  }

  #malformed(message: string, cause?: unknown): MalformedResponseError {
    return new MalformedResponseError(this.#response.request, message, { cause });
  }
}
