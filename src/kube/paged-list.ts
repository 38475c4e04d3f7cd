import { type ApiType, collectionPath } from "./api-type.ts";
import { backoffDelay } from "./backoff.ts";
import { BrokenJsonError, parseJson } from "./broken-json.ts";
import { type Clock, type Random, sleep } from "./clock.ts";
import { type Digest, digestOf, type Recognise, type Same } from "./digest.ts";
import {
  ApiError,
  ConnectionError,
  ExpiredError,
  type KubeError,
  MalformedResponseError,
  RequestTimeoutError,
  ServerError,
  ThrottledError,
} from "./errors.ts";
import { METADATA_LIST, withType } from "./list-item.ts";
import { ListParser } from "./list-parser.ts";
import { isRecord, metadataOf, type RawObject, text } from "./object.ts";
import type { Requester } from "./requester.ts";

export interface ListOptions {
  /** Only this namespace; empty or absent for all. */
  readonly namespace?: string | undefined;
  readonly metadataOnly?: boolean | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects a page, at most and by default 500. */
  readonly pageSize?: number | undefined;
  /** Items that it says yes to come as `same`. */
  readonly recognise?: Recognise | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An item may come twice, when a page broke off and was asked for again. */
export type ListEvent =
  | ListedItem
  /** A page could not be had; it, or all of them, will be asked for again. */
  | { readonly type: "retry"; readonly error: KubeError }
  /** The list begins anew: forget what it gave so far. */
  | { readonly type: "reset" }
  /** Complete. A watch from `resourceVersion` continues it without a gap. */
  | { readonly type: "end"; readonly resourceVersion: string };

export type ListedItem =
  /** With its digest if there is somebody to recognise it by that. */
  { readonly type: "item"; readonly object: RawObject; readonly digest?: Digest | undefined } | Same;

interface Page {
  readonly next: string;
  readonly resourceVersion: string;
}

const PAGE_SIZE = 500;

/** A page that takes longer than this has a reader or a server that is too slow for page tokens, which live 5 min. */
const PAGE_DEADLINE_MS = 120_000;

const ATTEMPTS_PER_PAGE = 5;
const PAUSE = { baseMs: 500, capMs: 10_000 };

/** How often a list begins anew because its page token expired, before that is the caller's problem. */
const RESTARTS = 2;

/**
 * Lists in pages that together show one moment. Broken, throttled and failed pages are asked for again; an expired page token
 * begins the list anew. Throws KubeError, or the reason of an aborted signal.
 */
export async function* listPages(
  requester: Requester,
  time: { readonly clock: Clock; readonly random: Random },
  type: ApiType,
  options: ListOptions,
): AsyncGenerator<ListEvent, void, undefined> {
  const seen = new Set<string>();
  let token = "";
  let attempts = 0;
  let restarts = 0;
  for (;;) {
    try {
      const page = yield* readPage(requester, type, options, token);
      attempts = 0;
      if (page.next === "") {
        yield { type: "end", resourceVersion: page.resourceVersion };
        return;
      }
      if (seen.has(page.next))
        throw new RepeatedPageError(`GET ${collectionPath(type, options.namespace ?? "")}`, "a page token came twice");
      seen.add(page.next);
      token = page.next;
    } catch (error) {
      if (error instanceof ExpiredError && token !== "" && restarts < RESTARTS) {
        restarts += 1;
        attempts = 0;
        token = "";
        seen.clear();
        yield { type: "retry", error };
        yield { type: "reset" };
        continue;
      }
      attempts += 1;
      if (!isPassing(error) || attempts >= ATTEMPTS_PER_PAGE) throw error;
      yield { type: "retry", error };
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      await sleep(time.clock, Math.max(asked, backoffDelay(attempts, PAUSE, time.random)), options.signal);
      options.signal?.throwIfAborted();
    }
  }
}

/** The server would send us round in circles. */
class RepeatedPageError extends MalformedResponseError {}

async function* readPage(
  requester: Requester,
  type: ApiType,
  options: ListOptions,
  token: string,
): AsyncGenerator<ListEvent, Page, undefined> {
  const response = await requester.open({
    method: "GET",
    path: collectionPath(type, options.namespace ?? ""),
    query: {
      limit: Math.min(options.pageSize ?? PAGE_SIZE, PAGE_SIZE),
      continue: token === "" ? undefined : token,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
    },
    accept: options.metadataOnly ? METADATA_LIST : undefined,
    deadlineMs: PAGE_DEADLINE_MS,
    signal: options.signal,
  });
  const parser = new ListParser();
  try {
    for await (const chunk of response.body) {
      for (const item of parser.push(chunk)) yield readItem(item, type, options.recognise);
    }
    const envelope = parser.envelope();
    if (!isRecord(envelope) || !("items" in envelope)) throw new BrokenJsonError("the answer is no list");
    const metadata = metadataOf(envelope);
    return { next: text(metadata.continue), resourceVersion: text(metadata.resourceVersion) };
  } catch (cause) {
    throw cause instanceof BrokenJsonError
      ? new MalformedResponseError(response.request, cause.message, { cause })
      : cause;
  } finally {
    response.close();
  }
}

function readItem(text: Uint8Array, type: ApiType, recognise: Recognise | undefined): ListedItem {
  const digest = recognise === undefined ? undefined : digestOf(text);
  if (digest !== undefined && recognise?.(digest)) return { type: "same" };
  const item = parseJson(text);
  if (!isRecord(item)) throw new BrokenJsonError("an item is no object");
  return { type: "item", object: withType(item, type), digest };
}

/** Errors that a second attempt may not meet: the page is asked for again. */
function isPassing(error: unknown): error is KubeError {
  return (
    error instanceof ThrottledError ||
    error instanceof ServerError ||
    error instanceof ConnectionError ||
    error instanceof RequestTimeoutError ||
    (error instanceof MalformedResponseError && !(error instanceof RepeatedPageError))
  );
}
