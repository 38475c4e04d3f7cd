import { Client, type Dispatcher } from "undici";
import { abortable } from "./abort.ts";
import type { Connector } from "./connector.ts";

/** The API server allows 100 streams a connection; some room is left for those that are just ending. */
const STREAMS_PER_CONNECTION = 80;

/**
 * Bytes that one stream may send ahead of its reader, and the same for all streams of a connection together. The
 * second must be the sum of the first, or two streams with slow readers would stop all others.
 */
const STREAM_WINDOW = 256 * 1024;
const CONNECTION_WINDOW = STREAM_WINDOW * STREAMS_PER_CONNECTION;

/** Headers of a watch come at once; a server that is catching up takes a few seconds. */
const HEADERS_TIMEOUT_MS = 35_000;

interface Connection {
  readonly client: Client;
  streams: number;
  /** 1 until HTTP/2 has been agreed on, and for good where it is not. */
  capacity: number;
  /** Set while the first stream waits for the connection. */
  opening: Promise<void> | null;
  /** Suspected dead: gets no new stream and is closed when the last one has ended. */
  retired: boolean;
}

export interface WatchResponse {
  readonly response: Dispatcher.ResponseData;
  /** Tells that the connection seems dead. */
  suspect(): void;
}

/** Shares HTTP/2 connections among watches, and opens more of them as needed. */
export class WatchConnections {
  readonly #server: URL;
  readonly #connector: Connector;
  readonly #connections = new Set<Connection>();
  #retired = false;

  constructor(server: URL, connector: Connector) {
    this.#server = server;
    this.#connector = connector;
  }

  /** Number of open connections and of streams on them. */
  get load(): { readonly connections: number; readonly streams: number } {
    let streams = 0;
    for (const connection of this.#connections) streams += connection.streams;
    return { connections: this.#connections.size, streams };
  }

  async request(options: Omit<Dispatcher.RequestOptions, "origin">, signal: AbortSignal): Promise<WatchResponse> {
    const connection = await this.#acquire(signal);
    try {
      const response = await connection.client.request({ ...options, signal });
      response.body.once("close", () => this.#release(connection));
      return { response, suspect: () => this.#retire(connection) };
    } catch (error) {
      this.#release(connection);
      throw error;
    }
  }

  /** Lets running streams end by themselves; connections close behind them. */
  retire(): void {
    this.#retired = true;
    for (const connection of this.#connections) this.#retire(connection);
  }

  async destroy(): Promise<void> {
    this.#retired = true;
    const connections = [...this.#connections];
    this.#connections.clear();
    await Promise.all(connections.map((connection) => connection.client.destroy()));
  }

  /** Books one stream: on a connection with room, else on one that is just opening, else on a new one. */
  async #acquire(signal: AbortSignal): Promise<Connection> {
    for (;;) {
      let opening: Promise<void> | null = null;
      for (const connection of this.#connections) {
        if (connection.retired) continue;
        if (connection.streams < connection.capacity) {
          connection.streams += 1;
          return connection;
        }
        opening ??= connection.opening;
      }
      if (opening === null) return this.#open();
      await abortable(opening, signal);
    }
  }

  #open(): Connection {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Its failure reaches the first stream through the client, and all others through #acquire, if there are any.
    promise.catch(() => undefined);
    const client = new Client(this.#server, {
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: 0,
      h2Options: {
        maxConcurrentStreams: STREAMS_PER_CONNECTION,
        connectionWindowSize: CONNECTION_WINDOW,
        settings: { initialWindowSize: STREAM_WINDOW },
      },
      connect: (target, callback) => {
        this.#connector(target, (...[error, socket]) => {
          connection.opening = null;
          if (error === null) {
            connection.capacity = "alpnProtocol" in socket && socket.alpnProtocol === "h2" ? STREAMS_PER_CONNECTION : 1;
            resolve();
            callback(null, socket);
          } else {
            this.#retire(connection);
            reject(error);
            callback(error, null);
          }
        });
      },
    });
    const connection: Connection = { client, streams: 1, capacity: 1, opening: promise, retired: this.#retired };
    this.#connections.add(connection);
    return connection;
  }

  #release(connection: Connection): void {
    connection.streams -= 1;
    // One idle connection is kept: a watch that ends is followed by the next one at once.
    if (connection.streams === 0 && (connection.retired || this.#connections.size > 1)) this.#close(connection);
  }

  #retire(connection: Connection): void {
    connection.retired = true;
    if (connection.streams === 0) this.#close(connection);
  }

  #close(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    // No stream is left that could miss it, so how its socket ends is nobody's business.
    connection.client.destroy().catch(() => undefined);
  }
}
