import { parseJson } from "./broken-json.ts";
import type { Clock } from "./clock.ts";
import { apiError, type KubeError, MalformedResponseError, RequestTimeoutError, readStatus } from "./errors.ts";
import type { TokenBucket } from "./token-bucket.ts";
import type { Lane, Method, Transport, TransportResponse } from "./transport.ts";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiCall {
  readonly method: Method;
  /** Without query. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly lane?: Lane | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
  /** Default `application/json`. */
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The whole call, body included, must end in this time. Default 65 s. */
  readonly deadlineMs?: number | undefined;
}

/** An accepted call whose body is still to be read. */
export interface OpenResponse {
  /** `GET /api/v1/pods?limit=500`, for messages. */
  readonly request: string;
  readonly headers: TransportResponse["headers"];
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the call, wherever it is. Must be called in the end, also after the body was read. */
  close(): void;
  suspect(): void;
}

export interface RequesterOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Null lets everything through. */
  readonly buckets: Readonly<Record<"read" | "write", TokenBucket>> | null;
}

const JSON_TYPE = "application/json";
const DEFAULT_DEADLINE_MS = 65_000;

/** No object or small answer comes near this; a body without end must not fill memory. */
const LONGEST_BODY = 64 * 1024 * 1024;

/** Sends calls, waits for the rate limit and the deadline, and turns refusals into errors. */
export class Requester {
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  /** The parsed answer. Throws KubeError, or the reason of an aborted signal. */
  async json(call: ApiCall): Promise<unknown> {
    const response = await this.open(call);
    try {
      return parseAnswer(await readAll(response.body, response.request), response.request);
    } finally {
      response.close();
    }
  }

  /** An answer with status 2xx and JSON as its type, for callers that read the body piece by piece. */
  async open(call: ApiCall): Promise<OpenResponse> {
    const lane = call.lane ?? (call.method === "GET" ? "read" : "write");
    if (lane === "read" || lane === "write") await this.#options.buckets?.[lane].take(call.signal);
    const path = call.path + queryString(call.query);
    const request = `${call.method} ${path}`;
    const deadline = this.#deadline(call, request);
    let response: TransportResponse | null = null;
    try {
      response = await this.#options.transport.send({
        lane,
        method: call.method,
        path,
        headers: {
          accept: call.accept ?? JSON_TYPE,
          ...(call.body !== undefined && { "content-type": call.contentType ?? JSON_TYPE }),
        },
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        signal: deadline.signal,
      });
      if (response.status < 200 || response.status > 299) throw await refusal(request, response);
      const type = response.headers["content-type"] ?? "";
      if (!isJson(type)) throw new MalformedResponseError(request, `content type is ${JSON.stringify(type)}, not JSON`);
    } catch (error) {
      response?.abandon();
      deadline.cancel();
      throw error;
    }
    const opened = response;
    return {
      request,
      headers: opened.headers,
      body: opened.body,
      close: () => {
        deadline.cancel();
        opened.abandon();
      },
      suspect: () => opened.suspect(),
    };
  }

  #deadline(call: ApiCall, request: string): { readonly signal: AbortSignal; cancel(): void } {
    const controller = new AbortController();
    const ms = call.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const cancel =
      ms === Number.POSITIVE_INFINITY
        ? () => undefined
        : this.#options.clock.after(ms, () =>
            controller.abort(new RequestTimeoutError(request, `not done in ${ms} ms`)),
          );
    const signal = call.signal === undefined ? controller.signal : AbortSignal.any([call.signal, controller.signal]);
    return { signal, cancel };
  }
}

export function queryString(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

async function refusal(request: string, response: TransportResponse): Promise<KubeError> {
  const retryAfter = Number(response.headers["retry-after"]);
  const retryAfterMs = retryAfter > 0 ? retryAfter * 1000 : null;
  const text = await readAll(response.body, request);
  // Proxies and overloaded servers refuse in plain text: the status code is all that counts then.
  const body = isJson(response.headers["content-type"] ?? "")
    ? parseAnswer(text, request)
    : { message: text.slice(0, 1024) };
  return apiError(request, { ...readStatus(body, response.status, retryAfterMs), status: response.status });
}

function isJson(contentType: string): boolean {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() === JSON_TYPE;
}

async function readAll(body: AsyncIterable<Uint8Array>, request: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LONGEST_BODY)
      throw new MalformedResponseError(request, `the answer is longer than ${LONGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString("utf8");
}

function parseAnswer(text: string, request: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new MalformedResponseError(request, "the answer is no JSON", { cause });
  }
}
