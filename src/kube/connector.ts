import { buildConnector } from "undici";
import { ConfigError } from "./config-error.ts";
import type { TlsMaterial } from "./credentials.ts";
import { openTunnel } from "./tunnel.ts";

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

/** Opens connections to the server of each request. Throws ConfigError for a proxy of a kind that is not supported. */
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
    const address = { hostname: target.hostname, port: target.port || (target.protocol === "https:" ? "443" : "80") };
    openTunnel(proxy, address, { timeoutMs: CONNECT_TIMEOUT_MS }).then(
      (httpSocket) =>
        target.protocol === "https:" ? connect({ ...target, httpSocket }, callback) : callback(null, httpSocket),
      (error: Error) => callback(error, null),
    );
  };
}

function parseProxy(proxyUrl: string): URL {
  const proxy = URL.canParse(proxyUrl) ? new URL(proxyUrl) : null;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  throw new ConfigError(`proxy-url ${proxyUrl}: only http:// and https:// proxies are supported`);
}
