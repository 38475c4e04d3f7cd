import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ApiType } from "../../src/kube/api-type.ts";
import type { RawObject } from "../../src/kube/object.ts";

/** The one type that the fake serves. */
export const WIDGET: ApiType = {
  group: "fake.example",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers a request in place of the fake; false leaves it to the fake, or to the next fault. */
export type Fault = (seen: Seen, response: ServerResponse) => boolean | Promise<boolean>;

interface Change {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: RawObject;
}

export interface ServerTls {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly requestCert?: boolean;
  readonly rejectUnauthorized?: boolean;
}

export interface FakeServerOptions {
  readonly tls?: ServerTls;
  /** Refuses HTTP/2, as some proxies do. */
  readonly http1Only?: boolean;
}

interface OpenWatch {
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

/**
 * An API server that breaks its word on command. It serves lists in pages, watches and WatchLists of one type as a real one
 * does, so that after each fault the state can be compared; whatever a real server can show is tested on a real one.
 */
export class FakeApiServer {
  readonly requests: Seen[] = [];
  /** Asked in turn for each request, before the fake answers itself. */
  readonly faults: Fault[] = [];
  /** Subjects of the clients whose connections were accepted, in order; empty where one showed no certificate. */
  readonly clients: string[] = [];
  readonly #server: Server | Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #objects = new Map<string, RawObject>();
  readonly #watches = new Set<OpenWatch>();
  #history: Change[] = [];
  #version = 100;
  /** Watches from before this version are told that it has expired. */
  #compacted = 0;
  /** Whether initial events are closed by the bookmark that the API promises. */
  closingBookmark = true;
  /** Watches get no events as long as this is true; only new ones are accepted. */
  silent = false;
  serial = 0;

  private constructor(server: Server | Http2SecureServer) {
    this.#server = server;
    const receive = (request: IncomingMessage, response: ServerResponse): void => {
      this.#receive(request, response).catch((error: unknown) => response.destroy(error as Error));
    };
    // The compatibility API of HTTP/2 has the same shape as far as the fake goes.
    server.on("request", receive as never);
    server.on("session", (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
    });
    server.on("secureConnection", (socket: TLSSocket) => {
      this.clients.push(socket.getPeerCertificate().subject?.CN?.toString() ?? "");
    });
  }

  /** Speaks HTTP/1.1 in the clear, or with `tls` HTTP/2 as the API server does: 100 streams a connection. */
  static async start(options: FakeServerOptions = {}): Promise<FakeApiServer> {
    const { tls, http1Only = false } = options;
    const server =
      tls === undefined
        ? createServer()
        : createSecureServer({
            ...tls,
            allowHTTP1: true,
            settings: { maxConcurrentStreams: 100 },
            // Megabytes that wait for slow readers; beyond it Node would refuse new streams.
            maxSessionMemory: 1000,
            ...(http1Only && { ALPNProtocols: ["http/1.1"] }),
          });
    const fake = new FakeApiServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get url(): string {
    const scheme = "setSecureContext" in this.#server ? "https" : "http";
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** HTTP/2 connections that are open. */
  get connections(): number {
    return this.#sessions.size;
  }

  /** Shows another certificate from the next connection on. */
  renewCertificate(tls: ServerTls): void {
    if ("setSecureContext" in this.#server) this.#server.setSecureContext(tls);
  }

  cutConnections(): void {
    for (const session of this.#sessions) session.destroy();
    if ("closeAllConnections" in this.#server) this.#server.closeAllConnections();
  }

  get objects(): readonly RawObject[] {
    return [...this.#objects.values()];
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  async close(): Promise<void> {
    this.cutConnections();
    await new Promise<void>((resolve, reject) => this.#server.close((error) => (error ? reject(error) : resolve())));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  put(name: string, data: RawObject = {}, namespace = "shop"): void {
    const key = `${namespace}/${name}`;
    const before = this.#objects.get(key);
    this.#version += 1;
    this.serial += before === undefined ? 1 : 0;
    const uid = before === undefined ? `uid-${this.serial}` : (before.metadata as RawObject).uid;
    const object = { metadata: { namespace, name, uid, resourceVersion: String(this.#version) }, data };
    this.#objects.set(key, object);
    this.#record({ version: this.#version, type: before === undefined ? "ADDED" : "MODIFIED", object });
  }

  remove(name: string, namespace = "shop"): void {
    const before = this.#objects.get(`${namespace}/${name}`);
    if (before === undefined) throw new Error(`the fake has no ${namespace}/${name}`);
    this.#objects.delete(`${namespace}/${name}`);
    this.#version += 1;
    const object = {
      ...before,
      metadata: { ...(before.metadata as RawObject), resourceVersion: String(this.#version) },
    };
    this.#record({ version: this.#version, type: "DELETED", object });
  }

  bookmark(): void {
    this.#sendAll({ type: "BOOKMARK", object: { metadata: { resourceVersion: String(this.#version) } } });
  }

  /** Forgets what has happened so far: who resumes from before now has to list again. */
  compact(): void {
    this.#compacted = this.#version;
    this.#history = [];
  }

  /** Goes back to an earlier state with its earlier versions, as after a restore from a backup. */
  restore(version: number, objects: readonly RawObject[]): void {
    this.#version = version;
    this.#history = [];
    this.#compacted = 0;
    this.#objects.clear();
    for (const object of objects) {
      const { namespace, name } = object.metadata as { namespace: string; name: string };
      this.#objects.set(`${namespace}/${name}`, object);
    }
  }

  get version(): number {
    return this.#version;
  }

  /** Ends all watches in order, if wished inside an object. */
  endWatches(partial = ""): void {
    for (const { response } of this.#watches) response.end(partial);
  }

  /** Cuts the connections of all watches, if wished inside an object. */
  cutWatches(partial = ""): void {
    for (const { response } of this.#watches) {
      if (partial === "") response.destroy();
      else response.write(partial, () => response.destroy());
    }
  }

  /** Writes a line to all watches, whatever it may be. */
  sendLine(line: string): void {
    for (const { response } of this.#watches) response.write(`${line}\n`);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? "/", this.url);
    const seen: Seen = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    this.requests.push(seen);
    for (const fault of this.faults.slice()) if (await fault(seen, response)) return;
    if (seen.query.get("watch") === "true") this.#watch(seen, response);
    else if (seen.method === "GET" && seen.path.endsWith("/widgets")) this.#list(seen, response);
    else refuse(response, 404, "NotFound", "the fake does not serve this");
  }

  #list(seen: Seen, response: ServerResponse): void {
    const all = this.#inNamespace(seen);
    const limit = Number(seen.query.get("limit") ?? all.length);
    const offset = Number(seen.query.get("continue") ?? 0);
    const more = offset + limit < all.length;
    const metadata = { resourceVersion: String(this.#version), ...(more && { continue: String(offset + limit) }) };
    reply(response, 200, {
      kind: "WidgetList",
      apiVersion: "fake.example/v1",
      metadata,
      items: all.slice(offset, offset + limit),
    });
  }

  #inNamespace(seen: Seen): RawObject[] {
    const namespace = /\/namespaces\/([^/]+)\//.exec(seen.path)?.[1];
    return this.objects.filter(
      (object) => namespace === undefined || (object.metadata as RawObject).namespace === namespace,
    );
  }

  #watch(seen: Seen, response: ServerResponse): void {
    const initial = seen.query.get("sendInitialEvents") === "true";
    const from = Number(seen.query.get("resourceVersion") ?? 0);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const watch = { response, query: seen.query };
    this.#watches.add(watch);
    response.on("close", () => this.#watches.delete(watch));
    if (initial) {
      for (const object of this.objects) send(response, { type: "ADDED", object });
      if (this.closingBookmark) {
        const annotations = { "k8s.io/initial-events-end": "true" };
        send(response, {
          type: "BOOKMARK",
          object: { metadata: { resourceVersion: String(this.#version), annotations } },
        });
      }
    } else if (from < this.#compacted) {
      send(response, { type: "ERROR", object: statusOf(410, "Expired", "too old resource version") });
      response.end();
    } else if (!this.silent) {
      for (const { version, type, object } of this.#history) if (version > from) send(response, { type, object });
    }
  }

  #record(change: Change): void {
    this.#history.push(change);
    this.#sendAll({ type: change.type, object: change.object });
  }

  #sendAll(event: RawObject): void {
    if (this.silent) return;
    for (const { response } of this.#watches) send(response, event);
  }
}

export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
  return true;
}

export function refuse(
  response: ServerResponse,
  status: number,
  reason: string,
  message = reason,
  headers: Record<string, string> = {},
): true {
  return reply(response, status, statusOf(status, reason, message), headers);
}

/** A fault that strikes the next requests that fit, so many times. */
export function times(
  count: number,
  fits: (seen: Seen) => boolean,
  strike: (seen: Seen, response: ServerResponse) => void,
): Fault {
  let left = count;
  return (seen, response) => {
    if (left === 0 || !fits(seen)) return false;
    left -= 1;
    strike(seen, response);
    return true;
  };
}

export const isWatch = (seen: Seen): boolean => seen.query.get("watch") === "true";
export const isInitial = (seen: Seen): boolean => seen.query.get("sendInitialEvents") === "true";
export const isResume = (seen: Seen): boolean => isWatch(seen) && !isInitial(seen);
export const isList = (seen: Seen): boolean => seen.method === "GET" && !isWatch(seen);

function send(response: ServerResponse, event: RawObject): void {
  response.write(`${JSON.stringify(event)}\n`);
}

function statusOf(code: number, reason: string, message: string): RawObject {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}
