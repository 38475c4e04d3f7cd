import { createHash } from "node:crypto";
import { z } from "zod";
import { answerFailure, wordsOf } from "./answer-failure.ts";
import type { Credentials } from "./credentials.ts";
import { DeliveryError } from "./delivery-error.ts";
import { type Answer, post } from "./http.ts";
import { receiverUrl } from "./receiver-url.ts";
import type { Receipt, Sink } from "./sink.ts";
import type { SinkIo } from "./sink-io.ts";
import { slackError } from "./slack-errors.ts";
import { renderSlack, type SlackPayload } from "./slack-payload.ts";

/** Where one message goes; routes are resolved before. */
export interface SlackTarget {
  /** `#platform` or an id; only with a bot token. */
  readonly channel?: string;
}

export interface SlackOptions {
  /** Where Slack's methods are: `https://slack.com/api`, for GovSlack `https://slack-gov.com/api`. */
  readonly apiUrl: URL;
}

const tokenKey = 'Secret key "token"';
const urlKey = 'Secret key "url"';

/** Posts as a bot where the Secret has a `token`, else to the incoming webhook whose address is the Secret's `url`. */
export function slackSink({ apiUrl }: SlackOptions): Sink<SlackTarget, SlackPayload> {
  return {
    type: "slack",
    render: renderSlack,
    send: async (payload, { channel }, credentials, io, signal) => {
      const token = credentials.get("token");
      const url = credentials.get("url");
      if (token !== undefined) return postAsBot(payload, { apiUrl, token, channel }, credentials, io, signal);
      if (url !== undefined) return postToWebhook(payload, { url, channel }, credentials, io, signal);
      throw new DeliveryError({
        code: "MissingCredential",
        retry: "never",
        field: tokenKey,
        reason: "there is neither a token nor a url",
        advice: "Put a bot token (xoxb-…) into the key token, or an incoming webhook's address into the key url.",
      });
    },
  };
}

/** No previews of what is linked. */
const quiet = { unfurl_links: false, unfurl_media: false } as const;

interface Bot {
  readonly apiUrl: URL;
  readonly token: string;
  readonly channel: string | undefined;
}

async function postAsBot(
  { id, content }: SlackPayload,
  { apiUrl, token, channel }: Bot,
  credentials: Credentials,
  io: SinkIo,
  signal: AbortSignal,
): Promise<Receipt> {
  if (channel === undefined)
    throw new DeliveryError({
      code: "UnknownChannel",
      retry: "never",
      field: "slack.channel",
      reason: "a bot token has no channel of its own",
      advice: "Name the channel, such as #platform.",
    });
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new DeliveryError({
      code: "MissingCredential",
      retry: "never",
      field: tokenKey,
      reason: "it holds blanks or characters that no token has",
      advice: "Put the app's bot token (xoxb-…) there, and nothing else.",
    });
  const body = {
    channel,
    ...content,
    ...quiet,
    // Slack's own clients send it to be recognised when they try again; where Slack ignores it, the metadata tells.
    client_msg_id: uuidOf(id),
    metadata: { event_type: "pawl_message", event_payload: { id } },
  };
  const answer = await post(
    {
      url: new URL(`${apiUrl.href.replace(/\/$/, "")}/chat.postMessage`),
      addressField: "slack",
      headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    },
    credentials,
    io,
    signal,
  );
  const said = methodAnswer(answer);
  if (said?.ok === true) return { to: channel, ...(said.ts !== undefined && { reference: said.ts }) };
  const fields = { credential: tokenKey, channel: "slack.channel" };
  throw failure(answer, said?.error, detailsOf(said), fields, { name: "Slack", field: "slack" }, credentials);
}

interface Webhook {
  readonly url: string;
  readonly channel: string | undefined;
}

async function postToWebhook(
  { content }: SlackPayload,
  { url, channel }: Webhook,
  credentials: Credentials,
  io: SinkIo,
  signal: AbortSignal,
): Promise<Receipt> {
  if (channel !== undefined)
    throw new DeliveryError({
      code: "UnknownChannel",
      retry: "never",
      field: "slack.channel",
      reason: "an incoming webhook posts to the channel that it was made for and to no other",
      advice: "Remove channel and routes, or put a bot token into the Secret key token.",
    });
  const answer = await post(
    {
      url: receiverUrl(url, urlKey),
      addressField: urlKey,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ ...content, ...quiet }),
    },
    credentials,
    io,
    signal,
  );
  const said = methodAnswer(answer);
  const refused = said?.ok === false || answer.contentType === "text/html";
  if (answer.status >= 200 && answer.status < 300 && !refused) return { to: "the webhook's channel" };
  const fields = { credential: urlKey, channel: urlKey };
  const name = said?.error ?? /^[a-z_]+$/.exec(answer.text.trim())?.[0];
  throw failure(answer, name, "", fields, { name: "Slack", field: urlKey }, credentials);
}

const MethodAnswer = z.object({
  ok: z.boolean(),
  ts: z.string().optional(),
  error: z.string().optional(),
  needed: z.string().optional(),
  errors: z.array(z.string()).optional(),
  response_metadata: z.object({ messages: z.array(z.string()).optional() }).optional(),
});

type MethodAnswer = z.infer<typeof MethodAnswer>;

/** What one of Slack's methods said, or undefined where it was not Slack that answered, or not in JSON. */
function methodAnswer({ contentType, text }: Answer): MethodAnswer | undefined {
  if (contentType !== "application/json") return undefined;
  try {
    return MethodAnswer.safeParse(JSON.parse(text)).data;
  } catch {
    // Cut off or not JSON after all: the status has to say enough.
    return undefined;
  }
}

/** Which part of the blocks Slack does not like, or which right it misses. */
function detailsOf(said: MethodAnswer | undefined): string {
  const details = [...(said?.errors ?? []), ...(said?.response_metadata?.messages ?? [])];
  if (said?.needed !== undefined) details.push(`needed: ${said.needed}`);
  return details.join("; ");
}

interface Fields {
  readonly credential: string;
  readonly channel: string;
}

function failure(
  answer: Answer,
  name: string | undefined,
  details: string,
  fields: Fields,
  slack: { readonly name: string; readonly field: string },
  credentials: Credentials,
): DeliveryError {
  const known = name === undefined ? undefined : slackError(name);
  if (known === undefined) {
    const { status } = answer;
    if (name === undefined || status >= 300) {
      if (status >= 300) return new DeliveryError(answerFailure(answer, slack, credentials));
      return new DeliveryError({
        code: "Rejected",
        retry: "never",
        field: slack.field,
        reason: `what answered ${status}${wordsOf(answer, credentials)} is not Slack`,
        advice: "Check the address, and the proxy that stands before it.",
      });
    }
    return new DeliveryError({
      code: "Rejected",
      retry: "never",
      field: slack.field,
      reason: `Slack answered ${credentials.redact(name)}`,
      advice: "See https://docs.slack.dev/reference/methods/chat.postMessage for what it means.",
    });
  }
  const { code, retry, about, advice } = known;
  const words = details === "" ? "" : ` (${credentials.redact(details).slice(0, 300)})`;
  const field = about === "credential" || about === "channel" ? fields[about] : undefined;
  return new DeliveryError({
    code,
    retry: retry !== "never" && answer.retryAfterMs !== undefined ? { after: answer.retryAfterMs } : retry,
    ...(field !== undefined && { field }),
    reason: `Slack answered ${name}${words}`,
    advice,
    unconfirmed: name === "fatal_error" || name === "internal_error",
  });
}

/** A UUID that follows from the id alone (version 8: the bits are ours). */
function uuidOf(id: string): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
