import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import { slackSink } from "../../../src/notify/sinks/slack.ts";
import { json, LoopbackReceiver, page, type Received, text } from "./loopback-receiver.ts";
import { notice } from "./messages.ts";
import { failureOf, io, never } from "./sending.ts";

/** Stands in for Slack: answers as Slack documents, and as it was seen to. */
let slack: LoopbackReceiver;
beforeEach(async () => {
  slack = await LoopbackReceiver.start();
});
afterEach(() => slack.stop());

const payload = slackSink({ apiUrl: new URL("https://slack.com/api") }).render(notice, {});

function arrived(): Received {
  expect(slack.received).toHaveLength(1);
  const [received] = slack.received;
  if (received === undefined) throw new Error("nothing arrived");
  return received;
}

describe("a bot token", () => {
  const token = "xoxb-marked-token";
  const ok = json(200, { ok: true, channel: "C024BE91L", ts: "1763712000.000100" });

  const post = (channel: string | undefined = "#platform", secret: Readonly<Record<string, string>> = { token }) => {
    const sink = slackSink({ apiUrl: new URL(`http://127.0.0.1:${slack.port}/api/`) });
    const target = channel === "" ? {} : { channel };
    return sink.send(payload, target, new Credentials(Object.entries(secret)), io(), never);
  };

  it("posts to the channel, and tells which message it was", async () => {
    slack.replies(ok);
    expect(await post()).toEqual({ to: "#platform", reference: "1763712000.000100" });
    const { path, headers, body } = arrived();
    expect(path).toBe("/api/chat.postMessage");
    expect(headers.authorization).toBe(`Bearer ${token}`);
    expect(JSON.parse(body)).toMatchObject({
      channel: "#platform",
      ...payload.content,
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: "pawl_message", event_payload: { id: notice.id } },
    });
    expect(body).not.toContain("thread_ts");
  });

  it("gives the same message the same id, which is a UUID", async () => {
    slack.replies(ok);
    await post();
    await post();
    const ids = slack.received.map(({ body }) => (JSON.parse(body) as { client_msg_id: string }).client_msg_id);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  const tokenKey = 'Secret key "token"';
  it.each([
    ["invalid_auth", "Unauthorized", "never", tokenKey],
    ["not_authed", "Unauthorized", "never", tokenKey],
    ["account_inactive", "Unauthorized", "never", tokenKey],
    ["token_revoked", "Unauthorized", "never", tokenKey],
    ["token_expired", "Unauthorized", "never", tokenKey],
    ["missing_scope", "Unauthorized", "never", tokenKey],
    ["channel_not_found", "UnknownChannel", "never", "slack.channel"],
    ["not_in_channel", "UnknownChannel", "never", "slack.channel"],
    ["is_archived", "UnknownChannel", "never", "slack.channel"],
    ["restricted_action", "Rejected", "never", "slack.channel"],
    ["invalid_blocks", "InvalidPayload", "never", undefined],
    ["msg_too_long", "InvalidPayload", "never", undefined],
    ["ratelimited", "RateLimited", {}, undefined],
    ["internal_error", "Unreachable", {}, undefined],
    ["invented_since", "Rejected", "never", "slack"],
  ])("the answer %s is %s", async (error, code, retry, field) => {
    slack.replies(json(200, { ok: false, error }));
    const failure = await failureOf(post());
    expect(failure).toMatchObject({ code, retry, field });
    expect(failure.message).toContain(`Slack answered ${error}`);
  });

  it("that lacks a right hears which", async () => {
    slack.replies(json(200, { ok: false, error: "missing_scope", needed: "chat:write", provided: "users:read" }));
    expect((await failureOf(post())).message).toContain("missing_scope (needed: chat:write)");
  });

  it("tells which block Slack does not like", async () => {
    const messages = ["[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"];
    slack.replies(json(200, { ok: false, error: "invalid_blocks", response_metadata: { messages } }));
    expect((await failureOf(post())).message).toContain("json-pointer:/blocks/0/text/text");
  });

  it("waits as long as Slack asks for", async () => {
    slack.replies(json(429, { ok: false, error: "ratelimited" }, { "retry-after": "30" }));
    expect(await failureOf(post())).toMatchObject({ code: "RateLimited", retry: { after: 30_000 } });
  });

  it.each([
    [429, "RateLimited"],
    [500, "Unreachable"],
    [502, "Unreachable"],
    [503, "Unreachable"],
  ])("a web page with %i is %s", async (status, code) => {
    slack.replies(page(status));
    expect(await failureOf(post())).toMatchObject({ code, retry: {} });
  });

  it.each([page(200), text(200, "ok"), json(200, ["what"])])(
    "what answers without being Slack is told",
    async (reply) => {
      slack.replies(reply);
      const failure = await failureOf(post());
      expect(failure).toMatchObject({ code: "Rejected", retry: "never" });
      expect(failure.message).toContain("is not Slack");
    },
  );

  it("without a channel posts nothing", async () => {
    expect(await failureOf(post(""))).toMatchObject({ code: "UnknownChannel", retry: "never", field: "slack.channel" });
    expect(slack.received).toEqual([]);
  });

  it("that holds what no token holds posts nothing", async () => {
    const failure = await failureOf(post("#platform", { token: "xoxb-marked\r\nx-header: 1" }));
    expect(failure).toMatchObject({ code: "MissingCredential", retry: "never", field: tokenKey });
    expect(failure.message).not.toContain("marked");
  });

  it("and no url either posts nothing", async () => {
    expect(await failureOf(post("#platform", {}))).toMatchObject({ code: "MissingCredential", field: tokenKey });
  });
});

describe("an incoming webhook", () => {
  const path = "/services/T0000000/B0000000/marked-token";
  const post = (channel?: string) => {
    const sink = slackSink({ apiUrl: new URL("https://slack.com/api") });
    const url = `http://127.0.0.1:${slack.port}${path}`;
    return sink.send(payload, channel === undefined ? {} : { channel }, new Credentials([["url", url]]), io(), never);
  };

  it("posts the message and nothing else", async () => {
    slack.replies(text(200, "ok"));
    expect(await post()).toEqual({ to: "the webhook's channel" });
    const received = arrived();
    expect(received.path).toBe(path);
    expect(JSON.parse(received.body)).toEqual({ ...payload.content, unfurl_links: false, unfurl_media: false });
  });

  const urlKey = 'Secret key "url"';
  it.each([
    [400, "invalid_payload", "InvalidPayload", "never", undefined],
    [400, "invalid_blocks", "InvalidPayload", "never", undefined],
    [400, "no_text", "InvalidPayload", "never", undefined],
    [400, "user_not_found", "UnknownChannel", "never", urlKey],
    [403, "action_prohibited", "Rejected", "never", urlKey],
    [403, "invalid_token", "Unauthorized", "never", urlKey],
    [404, "channel_not_found", "UnknownChannel", "never", urlKey],
    [404, "no_service", "Unauthorized", "never", urlKey],
    [404, "no_team", "Unauthorized", "never", urlKey],
    [410, "channel_is_archived", "UnknownChannel", "never", urlKey],
    [429, "rate_limited", "RateLimited", {}, undefined],
    [500, "rollup_error", "Unreachable", {}, undefined],
    [404, "Not found", "UnknownChannel", "never", urlKey],
  ])("the answer %i %s is %s", async (status, body, code, retry, field) => {
    slack.replies(text(status, body));
    const failure = await failureOf(post());
    expect(failure).toMatchObject({ code, retry, field });
    expect(failure.message).not.toContain("marked");
  });

  it("that answers with its own address does not give it away", async () => {
    slack.replies((response, received) => response.writeHead(400, { "content-type": "text/plain" }).end(received.path));
    expect((await failureOf(post())).message).not.toContain("marked");
  });

  it("a page of a proxy that claims success is none", async () => {
    slack.replies(page(200));
    expect(await failureOf(post())).toMatchObject({ code: "Rejected", retry: "never", field: urlKey });
  });

  it("posts to no other channel", async () => {
    expect(await failureOf(post("#other"))).toMatchObject({ code: "UnknownChannel", field: "slack.channel" });
    expect(slack.received).toEqual([]);
  });
});
