import { Readable } from "node:stream";
import type { NodemailerError } from "nodemailer";
import SMTPConnection, {
  type SMTPConnectionOptions,
  type SMTPConnectionSendInfo,
} from "nodemailer/lib/smtp-connection";
import { openTunnel } from "../../kube/tunnel.ts";
import { authorities } from "./authorities.ts";
import { timeout } from "./connection-failure.ts";
import type { Credentials } from "./credentials.ts";
import { DeliveryError } from "./delivery-error.ts";
import { mailFailure } from "./mail-failure.ts";
import { proxyFor } from "./proxies.ts";
import type { SinkIo } from "./sink-io.ts";

export interface MailRoute {
  readonly host: string;
  readonly port: number;
  /** StartTLS: encrypted after a greeting, or not at all. TLS: from the start. None: in the clear, without credentials. */
  readonly tls: "StartTLS" | "TLS" | "None";
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * Hands one mail to the server, over a connection of its own: digests are hours apart, so a pool would only hold it open.
 * @param mail the whole mail, headers first, as RFC 5322 says
 * @throws DeliveryError
 * @throws the signal's reason once it is aborted
 */
export async function submit(
  mail: Uint8Array,
  envelope: Envelope,
  route: MailRoute,
  credentials: Credentials,
  io: SinkIo,
  signal: AbortSignal,
): Promise<SMTPConnectionSendInfo> {
  signal.throwIfAborted();
  const name = `${route.host}:${route.port}`;
  let handedOver = false;
  // nodemailer reads the mail once the server has asked for it.
  const content = Readable.from(
    (function* () {
      handedOver = true;
      yield mail;
    })(),
  );
  const ended = new AbortController();
  const cancel = io.clock.after(io.network.deadlineMs, () => ended.abort());
  const stop = AbortSignal.any([signal, ended.signal]);
  let session: Session | undefined;
  try {
    session = new Session(await optionsOf(route, credentials, io, stop), stop);
    await session.connect();
    const login = route.tls === "None" ? undefined : loginOf(credentials);
    if (login !== undefined) await session.login(login);
    return await session.send(envelope, content, mail.byteLength);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DeliveryError) throw error;
    if (ended.signal.aborted) throw new DeliveryError(timeout({ name, field: "email.host", unconfirmed: handedOver }));
    throw new DeliveryError(mailFailure(error as NodemailerError, { name, handedOver }, credentials));
  } finally {
    cancel();
    session?.close();
  }
}

interface Login {
  readonly user: string;
  readonly pass: string;
}

function loginOf(credentials: Credentials): Login | undefined {
  const user = credentials.get("username");
  const pass = credentials.get("password");
  if (user === undefined && pass === undefined) return undefined;
  if (user !== undefined && pass !== undefined) return { user, pass };
  throw new DeliveryError({
    code: "MissingCredential",
    retry: "never",
    field: `Secret key "${user === undefined ? "username" : "password"}"`,
    reason: "it is not there, but its counterpart is",
    advice: "Put both username and password into the Secret, or neither for a server that asks for none.",
  });
}

async function optionsOf(
  route: MailRoute,
  credentials: Credentials,
  io: SinkIo,
  stop: AbortSignal,
): Promise<SMTPConnectionOptions> {
  const { host, port, tls } = route;
  const { deadlineMs, proxies } = io.network;
  const ca = authorities(credentials);
  const proxy = proxyFor(proxies, { scheme: "smtp", host, port });
  const limits = { timeoutMs: deadlineMs, signal: stop };
  return {
    host,
    port,
    secure: tls === "TLS",
    requireTLS: tls === "StartTLS",
    ignoreTLS: tls === "None",
    tls: { ...(ca !== undefined && { ca }) },
    // Their sum is bounded by our own deadline.
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    ...(proxy !== undefined && { connection: await openTunnel(proxy, { hostname: host, port }, limits) }),
  };
}

/** nodemailer's connection with promises; whatever ends it ends the step that waits. */
class Session {
  readonly #connection: SMTPConnection;
  readonly #failed: Promise<never>;

  constructor(options: SMTPConnectionOptions, stop: AbortSignal) {
    this.#connection = new SMTPConnection(options);
    const { promise, reject } = Promise.withResolvers<never>();
    this.#connection.once("error", reject);
    stop.addEventListener("abort", () => reject(stop.reason), { once: true });
    if (stop.aborted) reject(stop.reason);
    // Steps hand its reason on; between two steps nobody waits for it.
    promise.catch(() => undefined);
    this.#failed = promise;
  }

  connect(): Promise<void> {
    return this.#step((done) => this.#connection.connect(done));
  }

  login({ user, pass }: Login): Promise<void> {
    return this.#step((done) => this.#connection.login({ credentials: { user, pass } }, done));
  }

  send({ from, to }: Envelope, content: Readable, size: number): Promise<SMTPConnectionSendInfo> {
    const { promise, resolve, reject } = Promise.withResolvers<SMTPConnectionSendInfo>();
    this.#connection.send({ from, to: [...to], size }, content, (error, info) => {
      if (error === null) resolve(info);
      else reject(error);
    });
    return Promise.race([promise, this.#failed]);
  }

  /** Ends it without ceremony: a server that has taken the mail needs no farewell, and what breaks from now on says nothing. */
  close(): void {
    this.#connection.on("error", () => undefined);
    this.#connection.close();
  }

  #step(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    begin((error) => (error ? reject(error) : resolve()));
    return Promise.race([promise, this.#failed]);
  }
}
