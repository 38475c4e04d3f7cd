import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "./logger.ts";

/** Where to listen: all interfaces if there is no host, a free port if the port is 0. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

/** Answers a GET request; what it throws is answered with 500 and logged. */
export type Route = (response: ServerResponse) => Promise<void>;

export interface HttpServer {
  /** The port that is listened on. */
  readonly port: number;
  /** Takes no more requests, lets those in flight end for `graceMs`, then cuts them off. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly address: ListenAddress;
  /** By path, such as `/healthz`. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly logger: Logger;
  /** 5,000 if left out. */
  readonly graceMs?: number;
}

const defaultGraceMs = 5000;

/**
 * Serves GET on a few fixed paths: 404 on any other path, 405 on any other method.
 * @throws the error of the listening socket (`EADDRINUSE`, `EACCES`, …), with the address in its message
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    response.once("finish", () => {
      // Once closed, the server waits for connections that are kept alive; this one has just become idle.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    answer(request, response, options).catch((error: unknown) => fail(request, response, error, options.logger));
  });
  await listen(server, options.address);
  return { port: portOf(server), close: () => close(server, options.graceMs ?? defaultGraceMs) };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: HttpServerOptions): Promise<void> {
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  const route = options.routes.get(path);
  if (route === undefined) {
    sendText(response, 404, `Nothing is served here; there is ${[...options.routes.keys()].toSorted().join(", ")}\n`);
  } else if (request.method !== "GET") {
    response.setHeader("Allow", "GET");
    sendText(response, 405, "Only GET is served here\n");
  } else {
    await route(response);
  }
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown, logger: Logger): void {
  if (isPrematureClose(error)) {
    logger.debug({ path: request.url, error }, "A client left before its answer was complete");
    return;
  }
  logger.error({ path: request.url, error }, "An HTTP request could not be answered");
  // A half-sent answer must not pass for a whole one.
  if (response.headersSent) response.destroy();
  else sendText(response, 500, "Internal error; the log tells more\n");
}

/** What a stream pipeline ends with when the other side goes. */
function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}

/** Answers with a whole text. */
export function sendText(response: ServerResponse, status: number, text: string, contentType = "text/plain"): void {
  response.writeHead(status, {
    "Content-Type": `${contentType}; charset=utf-8`,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The HTTP server does not listen on a port");
  return address.port;
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close((error) => {
      clearTimeout(cutOff);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
