import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import { buildConnector } from "undici";
import { ConfigError } from "./config-error.ts";
import type { TlsMaterial } from "./credentials.ts";

export type Connector = buildConnector.connector;

const CONNECT_TIMEOUT_MS = 10_000;

/** Below the idle time of common load balancers; client-go's value. */
const TCP_KEEPALIVE_MS = 30_000;

export interface ConnectorOptions {
  readonly tls: TlsMaterial;
  /** Offer HTTP/2 first; otherwise HTTP/1.1 alone. */
  readonly http2: boolean;
  /** An HTTP proxy, through which connections are tunnelled. */
  readonly proxyUrl: string | null;
}

/** Opens connections to the API server. Throws ConfigError for a proxy of a kind that is not supported. */
export function connectorFor(options: ConnectorOptions): Connector {
  const { tls } = options;
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEPALIVE_MS,
    allowH2: options.http2,
    preferH2: options.http2,
    rejectUnauthorized: !tls.skipVerify,
    ...(tls.ca !== null && { ca: tls.ca }),
    ...(tls.cert !== null && { cert: tls.cert }),
    ...(tls.key !== null && { key: tls.key }),
    ...(tls.serverName !== null && { servername: tls.serverName }),
  });
  if (options.proxyUrl === null) return connect;
  const proxy = parseProxy(options.proxyUrl);
  return (target, callback) => {
    openTunnel(proxy, target).then(
      (httpSocket) => connect({ ...target, httpSocket }, callback),
      (error: Error) => callback(error, null),
    );
  };
}

function parseProxy(proxyUrl: string): URL {
  const proxy = URL.canParse(proxyUrl) ? new URL(proxyUrl) : null;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  throw new ConfigError(`proxy-url ${proxyUrl}: only http:// and https:// proxies are supported`);
}

/** Asks the proxy for a way through (`CONNECT host:port`). */
function openTunnel(proxy: URL, target: buildConnector.Options): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const address = `${target.hostname}:${target.port || "443"}`;
  const request = (proxy.protocol === "https:" ? https : http).request({
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: address,
    headers: { host: address, ...proxyAuthorization(proxy) },
    timeout: CONNECT_TIMEOUT_MS,
    agent: false,
  });
  request.once("connect", (response, socket) => {
    if (response.statusCode === 200) return resolve(socket);
    socket.destroy();
    reject(
      new Error(`proxy ${proxy.host} refused a tunnel to ${address}: ${response.statusCode} ${response.statusMessage}`),
    );
  });
  request.once("response", (response) => {
    response.resume();
    reject(new Error(`proxy ${proxy.host} answered ${response.statusCode} instead of opening a tunnel to ${address}`));
  });
  request.once("timeout", () =>
    request.destroy(new Error(`proxy ${proxy.host} gave no answer in ${CONNECT_TIMEOUT_MS} ms`)),
  );
  request.once("error", reject);
  request.end();
  return promise;
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
}
