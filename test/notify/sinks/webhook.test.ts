import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import { webhookSink } from "../../../src/notify/sinks/webhook.ts";
import { WebhookDocument } from "../../../src/notify/sinks/webhook-document.ts";
import { json, LoopbackReceiver, page, type Received, text } from "./loopback-receiver.ts";
import { baseline, digest, notice } from "./messages.ts";
import { failureOf, io, never, sentAt } from "./sending.ts";

const signingKey = "marked-signing-key-of-32-letters";
const sink = webhookSink();
let receiver: LoopbackReceiver;
beforeEach(async () => {
  receiver = await LoopbackReceiver.start();
});
afterEach(() => receiver.stop());

const address = () => `http://127.0.0.1:${receiver.port}/marked-path/in`;

function send(credentials: Readonly<Record<string, string>> = { signingKey }, url = address()) {
  const target = url === "" ? {} : { url };
  return sink.send(sink.render(notice, target), target, new Credentials(Object.entries(credentials)), io(), never);
}

/** The one request that came. */
function arrived(): Received {
  expect(receiver.received).toHaveLength(1);
  const [received] = receiver.received;
  if (received === undefined) throw new Error("nothing arrived");
  return received;
}

describe("a webhook", () => {
  it("posts a document of the published shape", async () => {
    expect(await send()).toEqual({ to: `127.0.0.1:${receiver.port}` });
    const { headers, body } = arrived();
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(headers["pawl-id"]).toBe(notice.id);
    expect(WebhookDocument.parse(JSON.parse(body))).toEqual({ version: "webhook/v1", ...notice });
  });

  it.each([digest, baseline, notice])("of kind $kind is what the published schema says", (message) => {
    const file = join(import.meta.dirname, "../../../docs/reference/webhook-v1.schema.json");
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse(JSON.parse(sink.render(message, {}).body)).error?.issues ?? []).toEqual([]);
    expect(schema.safeParse({ ...message, version: "webhook/v2" }).success).toBe(false);
  });

  it("signs the time and the body", async () => {
    await send();
    const { headers, body } = arrived();
    const t = sentAt / 1000;
    const hmac = createHmac("sha256", signingKey).update(`${t}.${body}`).digest("hex");
    expect(headers["pawl-signature"]).toBe(`t=${t},v1=${hmac}`);
  });

  it("may have its address in the Secret, with user and password", async () => {
    await send({ signingKey, url: address().replace("http://", "http://me:hush@") }, "");
    expect(receiver.received).toMatchObject([
      { path: "/marked-path/in", headers: { authorization: `Basic ${Buffer.from("me:hush").toString("base64")}` } },
    ]);
  });

  it.each([200, 201, 202, 204])("is delivered by a %i", async (status) => {
    receiver.replies((response) => response.writeHead(status).end());
    await expect(send()).resolves.toBeDefined();
  });
});

describe("an answer that is no success", () => {
  it.each([
    [301, "Rejected", "never"],
    [308, "Rejected", "never"],
    [400, "InvalidPayload", "never"],
    [401, "Unauthorized", "never"],
    [403, "Unauthorized", "never"],
    [404, "UnknownChannel", "never"],
    [408, "Unreachable", {}],
    [410, "UnknownChannel", "never"],
    [413, "InvalidPayload", "never"],
    [418, "Rejected", "never"],
    [429, "RateLimited", {}],
    [500, "Unreachable", {}],
    [503, "Unreachable", {}],
  ])("%i is %s", async (status, code, retry) => {
    receiver.replies(text(status, "no"));
    const error = await failureOf(send());
    expect(error).toMatchObject({ code, retry, field: "webhook.url" });
    expect(error.message).toContain(`127.0.0.1:${receiver.port} answered ${status}: no.`);
  });

  it.each([429, 503])("%i may say how long to wait", async (status) => {
    receiver.replies(text(status, "", { "retry-after": "7" }));
    expect(await failureOf(send())).toMatchObject({ retry: { after: 7000 } });
  });

  it("of a gateway may hide a success", async () => {
    receiver.replies(page(502));
    const error = await failureOf(send());
    expect(error.unconfirmed).toBe(true);
    expect(error.message).toContain("answered 502 with a web page.");
  });

  it("tells the receiver's words on one line, cut, and without what is secret", async () => {
    receiver.replies(json(400, { error: `bad\n\u0007${signingKey} ${"x".repeat(500)}` }));
    const { message } = await failureOf(send());
    expect(message).toMatch(/answered 400: \{"error":"bad\\n\\u0007\[signingKey\] x+…\. /);
    expect(message.length).toBeLessThan(400);
  });
});

describe("before anything is sent", () => {
  afterEach(() => expect(receiver.received).toEqual([]));

  it.each([
    ["no signing key", { url: "https://receiver.example.com/" }, 'Secret key "signingKey"'],
    ["a short signing key", { url: "https://receiver.example.com/", signingKey: "short" }, 'Secret key "signingKey"'],
    ["no address", { signingKey }, 'Secret key "url"'],
    ["half an address", { signingKey, url: "receiver.example.com/marked-path" }, 'Secret key "url"'],
    ["another scheme", { signingKey, url: "file:///marked-path" }, 'Secret key "url"'],
    ["plain HTTP to others", { signingKey, url: "http://receiver.example.com/marked-path" }, 'Secret key "url"'],
    ["plain HTTP to metadata", { signingKey, url: "http://169.254.169.254/marked-path" }, 'Secret key "url"'],
  ])("%s is refused, and the key is named", async (_, credentials, field) => {
    const error = await failureOf(send(credentials, ""));
    expect(error).toMatchObject({ code: "MissingCredential", retry: "never", field });
    expect(error.message).not.toContain("marked");
  });

  it("a password in an address that everyone can read is refused", async () => {
    const error = await failureOf(send({ signingKey }, "https://me:marked@receiver.example.com/"));
    expect(error).toMatchObject({ code: "MissingCredential", retry: "never", field: "webhook.url" });
    expect(error.message).not.toContain("marked");
  });
});
