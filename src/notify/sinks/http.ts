import { Client } from "undici";
import { connectorFor } from "../../kube/connector.ts";
import { authorities } from "./authorities.ts";
import { connectionFailure, timeout } from "./connection-failure.ts";
import type { Credentials } from "./credentials.ts";
import { DeliveryError } from "./delivery-error.ts";
import { proxyFor } from "./proxies.ts";
import type { Network, SinkIo } from "./sink-io.ts";

export interface Post {
  /** `https:` or `http:`. */
  readonly url: URL;
  /** Where the address stands: a field below `spec.sink`, or a Secret key. */
  readonly addressField: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** How long the receiver asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** In lower case, without parameters; empty if there is none. */
  readonly contentType: string;
  /** The first 16 KiB of the body. */
  readonly text: string;
}

/**
 * Posts once, over a connection of its own; an answer of any status is a success. Redirects are not followed: a receiver
 * must not be able to send a message, or its signature, elsewhere.
 * @throws DeliveryError where no answer came
 * @throws the signal's reason once it is aborted
 */
export async function post(request: Post, credentials: Credentials, io: SinkIo, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const { url, headers, body } = request;
  const client = new Client(url.origin, {
    connect: connectorTo(url, credentials, io.network),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  let connected = false;
  client.once("connect", () => {
    connected = true;
  });
  const deadline = new AbortController();
  const cancel = io.clock.after(io.network.deadlineMs, () => deadline.abort());
  try {
    const response = await client.request({
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers: { "user-agent": "pawl", ...headers },
      body,
      signal: AbortSignal.any([signal, deadline.signal]),
    });
    const retryAfterMs = retryAfter(headerOf(response.headers["retry-after"]), io.clock.now());
    const [contentType = ""] = headerOf(response.headers["content-type"]).toLowerCase().split(";");
    return {
      status: response.statusCode,
      contentType: contentType.trim(),
      text: await beginningOf(response.body),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const receiver = { name: url.host, field: request.addressField, unconfirmed: connected };
    throw new DeliveryError(deadline.signal.aborted ? timeout(receiver) : connectionFailure(error, receiver));
  } finally {
    cancel();
    await client.destroy();
  }
}

function connectorTo(url: URL, credentials: Credentials, network: Network) {
  const scheme = url.protocol === "https:" ? "https" : "http";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (scheme === "https" ? 443 : 80));
  return connectorFor({
    tls: { ca: authorities(credentials) ?? null, cert: null, key: null, serverName: null, skipVerify: false },
    http2: false,
    proxyUrl: proxyFor(network.proxies, { scheme, host, port })?.href ?? null,
  });
}

const LONGEST_TEXT = 16 * 1024;

/** The rest is not read: a receiver that never ends has nothing to say to us. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= LONGEST_TEXT) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_TEXT).toString();
}

function headerOf(value: string | readonly string[] | undefined): string {
  return typeof value === "string" ? value : (value?.[0] ?? "");
}

const DAY = 24 * 60 * 60 * 1000;

/** Seconds or a date; what cannot be read, or is further away than a day, is not believed. */
function retryAfter(header: string, now: number): number | undefined {
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms >= 0 && ms <= DAY ? ms : undefined;
}
