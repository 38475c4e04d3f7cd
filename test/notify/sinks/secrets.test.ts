import { inspect } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import type { DeliveryError } from "../../../src/notify/sinks/delivery-error.ts";
import { emailSink } from "../../../src/notify/sinks/email.ts";
import type { Sink } from "../../../src/notify/sinks/sink.ts";
import { slackSink } from "../../../src/notify/sinks/slack.ts";
import { webhookSink } from "../../../src/notify/sinks/webhook.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { createAuthority, type KeyPair } from "../../../tools/control-plane/certificates.ts";
import { LoopbackMailServer, reply } from "./loopback-mail-server.ts";
import { LoopbackProxy } from "./loopback-proxy.ts";
import { cut, json, LoopbackReceiver, page, type Reply, silence, text } from "./loopback-receiver.ts";
import { digest } from "./messages.ts";
import { failureOf, io, never } from "./sending.ts";

/** Every secret holds this word, so that one search finds them all. */
const mark = "marked";
const token = `xoxb-${mark}-token`;
const signingKey = `${mark}-signing-key-0123456789`;
const password = `${mark} pässword/1`;

/** Everything that could be made of an error, on its way to a log, an Event, a status or a screen. */
function everywhere(error: DeliveryError): string {
  const lines: string[] = [];
  const logger = createLogger({ level: "debug", destination: { write: (line: string) => lines.push(line) } });
  logger.error({ error }, "delivery failed");
  expect(lines).toHaveLength(1);
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: null, showHidden: true }),
    ...lines,
  ].join("\n");
}

function expectNoSecret(error: DeliveryError): void {
  const said = everywhere(error);
  const encoded = [token, signingKey, password, `\0pawl\0${password}`].map((secret) =>
    Buffer.from(secret).toString("base64"),
  );
  for (const trace of [mark, encodeURIComponent(password), ...encoded]) expect(said).not.toContain(trace);
}

/** Says back all that it was sent, as careless servers do. */
const echo =
  (status: number, contentType: string): Reply =>
  (response, { path, headers, body }) =>
    response
      .writeHead(status, { "content-type": contentType })
      .end(JSON.stringify({ ok: false, error: path, headers, body }));

/** Every way in which an HTTP receiver fails. */
const failures: readonly (readonly [string, Reply])[] = [
  ...[301, 400, 401, 403, 404, 408, 410, 413, 418, 422, 429, 500, 502, 503].flatMap((status) => [
    [`${status} that says back what came, as JSON`, echo(status, "application/json")] as const,
    [`${status} that says back what came, as text`, echo(status, "text/plain")] as const,
  ]),
  ["a page", page(500)],
  ["nothing in time", silence],
  ["a cut connection", cut],
];

/** Ways in which Slack says no that a webhook would take for a yes, or that hold the token of a bot. */
const ofSlack: readonly (readonly [string, Reply])[] = [
  ["success that says no and repeats what came", echo(200, "application/json")],
  ["an error that holds the token", json(200, { ok: false, error: token, needed: token, errors: [token] })],
  ["a redirect to an address with the token", text(302, token, { location: `https://example.com/${token}` })],
];

let receiver: LoopbackReceiver;
beforeEach(async () => {
  receiver = await LoopbackReceiver.start();
});
afterEach(() => receiver.stop());

const origin = () => `http://127.0.0.1:${receiver.port}`;

function failureAt<Target, Payload>(
  sink: Sink<Target, Payload>,
  target: Target,
  secret: Readonly<Record<string, string>>,
) {
  const credentials = new Credentials(Object.entries(secret));
  return failureOf(sink.send(sink.render(digest, target), target, credentials, io({ deadlineMs: 300 }), never));
}

it.each([...failures, ...ofSlack])("after %s the bot's token is nowhere", async (_, answer) => {
  receiver.replies(answer);
  expectNoSecret(await failureAt(slackSink({ apiUrl: new URL(origin()) }), { channel: "#a" }, { token }));
});

it.each([...failures, ...ofSlack.slice(0, 1)])(
  "after %s the address of Slack's webhook is nowhere",
  async (_, answer) => {
    receiver.replies(answer);
    const url = `${origin()}/services/T0/B0/${mark}-token`;
    expectNoSecret(await failureAt(slackSink({ apiUrl: new URL("https://slack.com/api") }), {}, { url }));
  },
);

it.each(failures)("after %s neither address, password nor signing key of a webhook is anywhere", async (_, answer) => {
  receiver.replies(answer);
  const url = `${origin().replace("http://", `http://me:${mark}@`)}/${mark}-path?key=${mark}-query`;
  expectNoSecret(await failureAt(webhookSink(), {}, { url, signingKey }));
});

describe("a mail server that says back what came", () => {
  let keyPair: KeyPair;
  let ca = "";
  beforeAll(async () => {
    const authority = await createAuthority();
    ca = authority.certificate;
    keyPair = await authority.issueServer({ commonName: "mail" });
  });

  it.each(["PLAIN", "LOGIN"])("after %s does not make the password known", async (method) => {
    const server = await LoopbackMailServer.start({
      keyPair,
      account: { username: "pawl", password: "another" },
      options: {
        authMethods: [method],
        onAuth: ({ username, password: pass }, _, done) => {
          const given = pass ?? "";
          const line = Buffer.from(`\0${username}\0${given}`).toString("base64");
          done(
            reply(
              535,
              `no: ${username} ${given} ${line} ${Buffer.from(given).toString("base64")} ${encodeURIComponent(given)}`,
            ),
          );
        },
      },
    });
    const sink = emailSink();
    const target = {
      host: "127.0.0.1",
      port: server.port,
      tls: "StartTLS",
      from: "a@example.com",
      to: ["b@example.com"],
    } as const;
    const credentials = new Credentials(Object.entries({ username: "pawl", password, "ca.crt": ca }));
    const error = await failureOf(sink.send(sink.render(digest, target), target, credentials, io(), never));
    expect(error.message).toContain("[password]");
    expectNoSecret(error);
    await server.stop();
  });

  it("behind a proxy does not make the proxy's password known", async () => {
    const proxy = await LoopbackProxy.startBefore(1);
    proxy.status = 407;
    const sink = emailSink();
    const target = {
      host: "mail.invalid",
      port: 587,
      tls: "None",
      from: "a@example.com",
      to: ["b@example.com"],
    } as const;
    const proxies = { all: proxy.url.replace("http://", `http://me:${mark}@`) };
    const sent = sink.send(sink.render(digest, target), target, new Credentials([]), io({ proxies }), never);
    expectNoSecret(await failureOf(sent));
    await proxy.stop();
  });
});
