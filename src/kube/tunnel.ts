import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";

/** A proxy did not open a way to its target. */
export class TunnelError extends Error {
  override readonly name = "TunnelError";
  /** What the proxy answered instead, if it answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface TunnelTarget {
  readonly hostname: string;
  readonly port: string | number;
}

export interface TunnelLimits {
  /** Longest silence of the proxy. */
  readonly timeoutMs: number;
  /** Gives up once it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Asks an HTTP proxy for a way through (`CONNECT host:port`). Messages of errors name the proxy's host, never its user.
 * @param proxy `http:` or `https:`, with user and password where it asks for them
 * @throws TunnelError
 */
export function openTunnel(proxy: URL, target: TunnelTarget, { timeoutMs, signal }: TunnelLimits): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const address = `${target.hostname}:${target.port}`;
  const request = (proxy.protocol === "https:" ? https : http).request({
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: address,
    headers: { host: address, ...proxyAuthorization(proxy) },
    timeout: timeoutMs,
    agent: false,
    ...(signal !== undefined && { signal }),
  });
  request.once("connect", ({ statusCode = 0, statusMessage = "" }, socket) => {
    if (statusCode === 200) return resolve(socket);
    socket.destroy();
    reject(
      new TunnelError(
        `proxy ${proxy.host} refused a tunnel to ${address}: ${statusCode} ${statusMessage}`.trimEnd(),
        statusCode,
      ),
    );
  });
  request.once("response", (response) => {
    response.resume();
    const { statusCode } = response;
    const message = `proxy ${proxy.host} answered ${statusCode} instead of opening a tunnel to ${address}`;
    reject(new TunnelError(message, statusCode));
  });
  request.once("timeout", () =>
    request.destroy(new TunnelError(`proxy ${proxy.host} gave no answer in ${timeoutMs} ms`)),
  );
  request.once("error", (error) => {
    if (error instanceof TunnelError) return reject(error);
    reject(new TunnelError(`proxy ${proxy.host}: ${error.message}`, undefined, { cause: error }));
  });
  request.end();
  return promise;
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
}
