import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import type { SMTPServerOptions } from "smtp-server";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import type { DeliveryError } from "../../../src/notify/sinks/delivery-error.ts";
import { type EmailTarget, emailSink } from "../../../src/notify/sinks/email.ts";
import type { EmailPayload } from "../../../src/notify/sinks/email-payload.ts";
import type { SinkIo } from "../../../src/notify/sinks/sink-io.ts";
import { type Authority, createAuthority, type KeyPair } from "../../../tools/control-plane/certificates.ts";
import { type Account, LoopbackMailServer, reply } from "./loopback-mail-server.ts";
import { LoopbackProxy } from "./loopback-proxy.ts";
import { failureOf, io, never, sentAt } from "./sending.ts";

const account: Account = { username: "pawl", password: "marked-password" };
const payload: EmailPayload = {
  id: "3f1c2a90b7",
  cluster: "prod-eu",
  subscription: "platform",
  subject: "prod-eu: 3 new, 12 fixed, grade C → B",
  text: "3 new — Übersicht\n.\n..two dots\n",
  html: '<p>3 new — <b>Übersicht</b> <img src="cid:trend-0" alt="falling"></p>',
  images: [{ cid: "trend-0", png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x00, 0xff) }],
};

const sink = emailSink();
let authority: Authority;
let keyPair: KeyPair;
let server: LoopbackMailServer;

beforeAll(async () => {
  authority = await createAuthority();
  keyPair = await authority.issueServer({ commonName: "mail" });
});

async function serve(options: SMTPServerOptions = {}, withAccount?: Account): Promise<void> {
  await server.stop();
  server = await LoopbackMailServer.start({
    keyPair,
    options,
    ...(withAccount !== undefined && { account: withAccount }),
  });
}

beforeEach(async () => {
  server = await LoopbackMailServer.start({ keyPair });
});
afterEach(() => server.stop());

interface Sending {
  readonly target?: Partial<EmailTarget>;
  readonly secret?: Readonly<Record<string, string>>;
  readonly world?: SinkIo;
  readonly signal?: AbortSignal;
}

function send({ target = {}, secret = {}, world = io(), signal = never }: Sending = {}) {
  const where: EmailTarget = {
    host: "127.0.0.1",
    port: server.port,
    tls: "StartTLS",
    from: "Pawl <pawl@example.com>",
    to: ["Platform Team <platform@example.com>", "oncall@example.com"],
    ...target,
  };
  const credentials = new Credentials(Object.entries({ "ca.crt": authority.certificate, ...secret }));
  return sink.send(payload, where, credentials, world, signal);
}

describe("a mail", () => {
  it("arrives encrypted, for everyone, with what it says as text and as HTML", async () => {
    expect(await send()).toEqual({ to: "2 recipients", reference: "<3f1c2a90b7@example.com>" });
    expect(server.received).toMatchObject([
      {
        from: "pawl@example.com",
        to: ["platform@example.com", "oncall@example.com"],
        secure: true,
        mail: {
          subject: payload.subject,
          from: { name: "Pawl", address: "pawl@example.com" },
          date: new Date(sentAt).toISOString(),
          messageId: "<3f1c2a90b7@example.com>",
        },
      },
    ]);
    const { text, html } = server.received[0]?.mail ?? {};
    expect([text?.trim(), html?.trim()]).toEqual([payload.text.trim(), payload.html]);
  });

  it("brings its pictures along, so that nothing is fetched", async () => {
    await send();
    const [image] = server.received[0]?.mail.attachments ?? [];
    expect(image).toMatchObject({ contentId: "<trend-0>", disposition: "inline", mimeType: "image/png" });
    expect(Buffer.from(image?.content as ArrayBuffer)).toEqual(Buffer.from(payload.images[0]?.png ?? []));
  });

  it("says that a program wrote it, and to which list it belongs", async () => {
    await send();
    const headers = new Map(server.received[0]?.mail.headers.map(({ key, value }) => [key, value]));
    expect(headers.get("auto-submitted")).toBe("auto-generated");
    expect(headers.get("list-id")).toBe("<platform.prod-eu.pawl.example.com>");
  });

  it("is the same bytes when it is sent again", async () => {
    await send();
    await send();
    const [first, second] = server.received;
    expect(first?.raw.equals(second?.raw ?? Buffer.of())).toBe(true);
  });

  it("leaves no connection behind", async () => {
    await send();
    await expect.poll(() => server.open).toBe(0);
  });

  it("goes over TLS from the start where that is asked for", async () => {
    await serve({ secure: true }, account);
    await send({ target: { tls: "TLS" }, secret: account as unknown as Record<string, string> });
    expect(server.received).toMatchObject([{ secure: true, user: "pawl" }]);
  });

  it.each(["PLAIN", "LOGIN", "CRAM-MD5"])("logs in with %s", async (method) => {
    const onAuth: SMTPServerOptions["onAuth"] = (auth, _, done) => {
      const right =
        auth.method === "CRAM-MD5" ? auth.validatePassword(account.password) : auth.password === account.password;
      done(right ? null : reply(535, "no"), { user: auth.username });
    };
    await serve({ authMethods: [method], onAuth }, account);
    await send({ secret: { ...account } });
    expect(server.received).toMatchObject([{ user: "pawl", secure: true }]);
  });

  it("goes in the clear only where that is asked for, and then without credentials", async () => {
    await serve({ allowInsecureAuth: true });
    await send({ target: { tls: "None" }, secret: { ...account } });
    expect(server.received).toMatchObject([{ secure: false, user: undefined }]);
  });

  it("goes through a proxy that was given for everything", async () => {
    const proxy = await LoopbackProxy.startBefore(server.port);
    const world = io({ proxies: { all: proxy.url, https: "http://127.0.0.1:1" } });
    await send({ target: { host: "kubernetes.default.svc", port: 587 }, world });
    expect(proxy.targets).toEqual(["kubernetes.default.svc:587"]);
    expect(server.received).toMatchObject([{ secure: true }]);
    await proxy.stop();
  });

  it("to one recipient says so", async () => {
    expect(await send({ target: { to: ["oncall@example.com"] } })).toMatchObject({ to: "1 recipient" });
  });

  it("that some recipients cannot get goes to the others", async () => {
    await serve({
      onRcptTo: ({ address }, _, done) => done(address.startsWith("oncall") ? reply(550, "no such user") : null),
    });
    expect(await send()).toMatchObject({ to: "1 of 2 recipients", refused: ["oncall@example.com"] });
    expect(server.received).toMatchObject([{ to: ["platform@example.com"] }]);
  });
});

describe("a mail is refused", () => {
  afterEach(() => expect(server.received).toEqual([]));

  interface Case {
    readonly title: string;
    readonly options: SMTPServerOptions;
    readonly expected: Partial<DeliveryError>;
  }

  it.each<Case>([
    {
      title: "at the greeting",
      options: { onConnect: (_, done) => done(reply(554, "not from there")) },
      expected: { code: "Rejected", retry: "never", field: "email.host" },
    },
    {
      title: "at the greeting, for now",
      options: { onConnect: (_, done) => done(reply(421, "too busy")) },
      expected: { code: "Unreachable", retry: {}, field: "email.host" },
    },
    {
      title: "because no StartTLS is offered",
      options: { disabledCommands: ["STARTTLS"] },
      expected: { code: "BadCertificate", retry: "never", field: "email.tls" },
    },
    {
      title: "for its sender",
      options: { onMailFrom: (_, __, done) => done(reply(550, "5.7.1 sender not allowed")) },
      expected: { code: "Rejected", retry: "never", field: "email.from" },
    },
    {
      title: "for want of credentials",
      options: { onMailFrom: (_, __, done) => done(reply(530, "5.7.0 authentication required")) },
      expected: { code: "MissingCredential", retry: "never", field: "email.secretRef" },
    },
    {
      title: "for all of its recipients",
      options: { onRcptTo: (_, __, done) => done(reply(550, "5.1.1 no such user")) },
      expected: { code: "UnknownChannel", retry: "never", field: "email.to" },
    },
    {
      title: "for its recipients, for now",
      options: { onRcptTo: (_, __, done) => done(reply(451, "4.7.1 greylisted")) },
      expected: { code: "Rejected", retry: {}, field: "email.to" },
    },
    {
      title: "for its size",
      options: { size: 100 },
      expected: { code: "InvalidPayload", retry: "never" },
    },
    {
      title: "for its content",
      options: {
        onData: (stream, _, done) => stream.resume().once("end", () => done(reply(554, "5.6.0 looks like spam"))),
      },
      expected: { code: "Rejected", retry: "never", field: "email", unconfirmed: false },
    },
    {
      title: "for its content, for now",
      options: {
        onData: (stream, _, done) => stream.resume().once("end", () => done(reply(452, "4.3.1 disk full"))),
      },
      expected: { code: "Rejected", retry: {}, field: "email", unconfirmed: false },
    },
  ])("$title", async ({ options, expected }) => {
    await serve(options);
    expect(await failureOf(send())).toMatchObject(expected);
  });

  it("for a wrong password, which is not repeated", async () => {
    await serve({}, account);
    const error = await failureOf(send({ secret: { username: "pawl", password: "marked-other" } }));
    expect(error).toMatchObject({ code: "Unauthorized", retry: "never", field: 'Secret key "password"' });
    expect(error.message).toContain("535 5.7.8 no: [username] with [password]");
    expect(error.message + error.stack).not.toContain("marked");
  });

  it("because the server knows no way to log in", async () => {
    await serve({ authMethods: [], disabledCommands: ["AUTH"] });
    const error = await failureOf(send({ secret: { ...account } }));
    expect(error).toMatchObject({ code: "Unauthorized", retry: "never", field: 'Secret key "password"' });
  });

  it.each(["username", "password"] as const)("for a Secret that has only a %s", async (key) => {
    const missing = key === "username" ? "password" : "username";
    const error = await failureOf(send({ secret: { [key]: account[key] } }));
    expect(error).toMatchObject({ code: "MissingCredential", retry: "never", field: `Secret key "${missing}"` });
  });
});

describe("a server that cannot be trusted gets nothing", () => {
  afterEach(() => expect(server.received).toEqual([]));

  it.each(["StartTLS", "TLS"] as const)("with a certificate of an unknown authority, over %s", async (tls) => {
    await serve({ secure: tls === "TLS" });
    const error = await failureOf(send({ target: { tls }, secret: { "ca.crt": "" } }));
    expect(error).toMatchObject({ code: "BadCertificate", retry: "never", field: 'Secret key "ca.crt"' });
  });

  it.each(["StartTLS", "TLS"] as const)("with an expired certificate, over %s", async (tls) => {
    const old = await createAuthority(new Date("2020-01-01T00:00:00Z"));
    await server.stop();
    const expired = await old.issueServer({ commonName: "mail" });
    server = await LoopbackMailServer.start({ keyPair: expired, options: { secure: tls === "TLS" } });
    const error = await failureOf(send({ target: { tls }, secret: { "ca.crt": old.certificate } }));
    expect(error).toMatchObject({ code: "BadCertificate", retry: {} });
  });

  it("that begins in the clear where TLS is expected", async () => {
    const error = await failureOf(send({ target: { tls: "TLS" } }));
    expect(error).toMatchObject({ code: "BadCertificate", retry: "never" });
  });
});

describe("a server that goes away", () => {
  it("before it answers is Unreachable", async () => {
    await serve({ onConnect: () => hangUp() });
    expect(await failureOf(send())).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: false });
  });

  it("for good is Unreachable", async () => {
    const error = await failureOf(send({ target: { port: 1 } }));
    expect(error).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: false, field: "email.host" });
  });

  it("while the recipients are named is Unreachable, and has not got the mail", async () => {
    await serve({ onRcptTo: () => hangUp() });
    expect(await failureOf(send())).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: false });
  });

  it("in the middle of the mail is Unreachable, and may have got it", async () => {
    await serve({ onData: (stream) => void stream.once("data", hangUp) });
    expect(await failureOf(send())).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: true });
  });

  it("once it has the mail, without saying so, is Unreachable, and may have got it", async () => {
    await serve({ onData: (stream) => void stream.resume().once("end", hangUp) });
    expect(await failureOf(send())).toMatchObject({ code: "Unreachable", retry: {}, unconfirmed: true });
  });

  /** Breaks all connections, as a server that crashes does. */
  function hangUp(): void {
    server.crash();
  }
});

describe("a server that takes its time", () => {
  it("longer than we wait is a Timeout, and its connection is closed", async () => {
    await serve({ onMailFrom: () => undefined });
    const error = await failureOf(send({ world: io({ deadlineMs: 300 }) }));
    expect(error).toMatchObject({ code: "Timeout", retry: {}, unconfirmed: false });
    await expect.poll(() => server.open).toBe(0);
  });

  it("to say that it has the mail may have got it", async () => {
    await serve({ onData: (stream) => void stream.resume() });
    const error = await failureOf(send({ world: io({ deadlineMs: 300 }) }));
    expect(error).toMatchObject({ code: "Timeout", retry: {}, unconfirmed: true });
  });

  it("is left when we are told to stop", async () => {
    const abort = new AbortController();
    await serve({ onMailFrom: () => abort.abort(new Error("shutting down")) });
    await expect(send({ signal: abort.signal })).rejects.toThrow("shutting down");
    await expect.poll(() => server.open).toBe(0);
  });
});

it("a proxy that takes its time is left when we are told to stop", async () => {
  const proxy = await LoopbackProxy.startBefore(server.port);
  proxy.status = 0;
  const abort = new AbortController();
  const world = io({ proxies: { all: proxy.url } });
  const sent = send({ target: { host: "mail.invalid", port: 587 }, world, signal: abort.signal });
  await expect.poll(() => proxy.targets).toEqual(["mail.invalid:587"]);
  abort.abort(new Error("shutting down"));
  await expect(sent).rejects.toThrow("shutting down");
  await proxy.stop();
});

describe("what is no mail server", () => {
  let other: Server;
  afterEach(() => new Promise((resolve) => other.close(resolve)));

  it.each([
    ["HTTP/1.1 400 Bad Request\r\n\r\n", { code: "Rejected", retry: "never", field: "email.port" }],
    ["", { code: "Unreachable", retry: {} }],
  ])("greets with %j", async (greeting, expected) => {
    other = createServer((socket) => socket.on("error", () => undefined).end(greeting));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    expect(await failureOf(send({ target: { port } }))).toMatchObject(expected);
  });
});
