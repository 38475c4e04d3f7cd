import { type Dispatcher, Pool, errors as undiciErrors } from "undici";
import type { Clock } from "./clock.ts";
import type { ClusterConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { connectorFor } from "./connector.ts";
import { CredentialCache, type Credentials, tlsFingerprint } from "./credentials.ts";
import { ConnectionError, RequestTimeoutError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { ServerTime } from "./server-time.ts";
import { WatchConnections } from "./watch-connections.ts";

/** What a request is for. Each lane has connections of its own, so that no lane can starve another. */
export type Lane = "read" | "write" | "watch" | "lease";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface TransportRequest {
  readonly lane: Lane;
  readonly method: Method;
  /** Path with query: `/api/v1/pods?limit=500`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Read it to the end or call `abandon`. Its errors are those of `send`. */
  readonly body: AsyncIterable<Uint8Array>;
  abandon(): void;
  /** The connection seems dead: new requests get another one. */
  suspect(): void;
}

export interface Transport {
  /** Sends; an answer of any status is a success. Throws ConnectionError, RequestTimeoutError, or the signal's reason. */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** Milliseconds since the epoch by the API server's clock. */
  serverTime(): number;
  /** Ends all requests and connections. */
  close(): Promise<void>;
}

interface LaneLimits {
  readonly connections: number;
  readonly headersTimeoutMs: number;
  /** Longest silence inside a body. */
  readonly bodyTimeoutMs: number;
}

/** The API server gives up on a request after 60 s; a Lease has to be renewed within ten. */
const LANES: Readonly<Record<Exclude<Lane, "watch">, LaneLimits>> = {
  read: { connections: 6, headersTimeoutMs: 65_000, bodyTimeoutMs: 30_000 },
  write: { connections: 4, headersTimeoutMs: 65_000, bodyTimeoutMs: 30_000 },
  lease: { connections: 1, headersTimeoutMs: 5_000, bodyTimeoutMs: 5_000 },
};

/** Connections made with one set of TLS material. */
interface Connections {
  readonly fingerprint: string;
  readonly pools: Readonly<Record<Exclude<Lane, "watch">, Pool>>;
  readonly watches: WatchConnections;
}

export interface TransportOptions {
  readonly config: ClusterConfig;
  /** `pawl/0.1.0`. */
  readonly userAgent: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Talks HTTP to the API server: one pool a lane, credentials kept fresh, connections renewed with their certificates. */
export class HttpTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #server: URL;
  readonly #credentials: CredentialCache;
  readonly #serverTime: ServerTime;
  readonly #retired = new Set<Connections>();
  #connections: Connections | null = null;
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#server = new URL(options.config.server);
    this.#credentials = new CredentialCache(options.config.credentials, options.clock);
    this.#serverTime = new ServerTime(options.clock);
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const credentials = await this.#credentials.get();
    const response = await this.#attempt(request, credentials);
    if (response.status !== 401) return response;
    const renewed = await this.#credentials.renew(credentials);
    if (renewed === null) return response;
    response.abandon();
    return this.#attempt(request, renewed);
  }

  serverTime(): number {
    return this.#serverTime.now();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#retired, ...(this.#connections === null ? [] : [this.#connections])];
    this.#retired.clear();
    this.#connections = null;
    await Promise.all(all.map(destroyConnections));
  }

  async #attempt(request: TransportRequest, credentials: Credentials): Promise<TransportResponse> {
    const name = `${request.method} ${request.path}`;
    const connections = this.#connectionsFor(credentials);
    const options = {
      method: request.method,
      path: this.#server.pathname.replace(/\/$/, "") + request.path,
      headers: { "user-agent": this.#options.userAgent, ...credentials.headers, ...request.headers },
      body: request.body ?? null,
    };
    const sentAt = this.#options.clock.monotonic();
    try {
      request.signal.throwIfAborted();
      const answer =
        request.lane === "watch"
          ? await connections.watches.request(options, request.signal)
          : {
              response: await connections.pools[request.lane].request({ ...options, signal: request.signal }),
              suspect: noop,
            };
      const { response } = answer;
      const headers = flatten(response.headers);
      this.#serverTime.observe(headers.date, sentAt, this.#options.clock.monotonic());
      // A body that fails before somebody reads it must not end the process.
      response.body.on("error", noop);
      return {
        status: response.statusCode,
        headers,
        body: readBody(response.body, name, request.signal),
        abandon: () => void response.body.destroy(),
        suspect: () => answer.suspect(),
      };
    } catch (error) {
      throw translate(error, name, request.signal);
    }
  }

  #connectionsFor(credentials: Credentials): Connections {
    const fingerprint = tlsFingerprint(credentials.tls);
    const current = this.#connections;
    if (current?.fingerprint === fingerprint) return current;
    if (this.#closed) throw new ConfigError("the transport has been closed");
    const fresh = this.#connect(credentials, fingerprint);
    if (current !== null) this.#retire(current);
    this.#connections = fresh;
    return fresh;
  }

  #connect(credentials: Credentials, fingerprint: string): Connections {
    const { proxyUrl } = this.#options.config;
    const plain = connectorFor({ tls: credentials.tls, http2: false, proxyUrl });
    const pool = (limits: LaneLimits): Pool =>
      new Pool(this.#server.origin, {
        connections: limits.connections,
        headersTimeout: limits.headersTimeoutMs,
        bodyTimeout: limits.bodyTimeoutMs,
        allowH2: false,
        connect: plain,
      });
    return {
      fingerprint,
      pools: { read: pool(LANES.read), write: pool(LANES.write), lease: pool(LANES.lease) },
      watches: new WatchConnections(this.#server, connectorFor({ tls: credentials.tls, http2: true, proxyUrl })),
    };
  }

  /** Requests under way may end; new ones go out with the new certificate. */
  #retire(connections: Connections): void {
    this.#options.logger.info({}, "TLS material changed, connections are made anew");
    for (const earlier of this.#retired) if (earlier.watches.load.connections === 0) this.#retired.delete(earlier);
    this.#retired.add(connections);
    connections.watches.retire();
    Promise.all(Object.values(connections.pools).map((pool) => pool.close())).catch((error: unknown) =>
      this.#options.logger.warn({ error }, "connections could not be closed"),
    );
  }
}

async function destroyConnections(connections: Connections): Promise<void> {
  await Promise.all([connections.watches.destroy(), ...Object.values(connections.pools).map((pool) => pool.destroy())]);
}

async function* readBody(
  body: Dispatcher.ResponseData["body"],
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw translate(error, name, signal);
  }
}

function translate(error: unknown, name: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ConfigError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (
    error instanceof undiciErrors.HeadersTimeoutError ||
    error instanceof undiciErrors.BodyTimeoutError ||
    error instanceof undiciErrors.ConnectTimeoutError
  )
    return new RequestTimeoutError(name, message, { cause: error });
  return new ConnectionError(name, message || describeCode(error), { cause: error });
}

function describeCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "connection failed";
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

function noop(): void {}
