import { answerFailure } from "./answer-failure.ts";
import type { Credentials } from "./credentials.ts";
import { DeliveryError } from "./delivery-error.ts";
import { post } from "./http.ts";
import { receiverUrl } from "./receiver-url.ts";
import type { Sink } from "./sink.ts";
import { type WebhookDocument, webhookVersion } from "./webhook-document.ts";
import { signature } from "./webhook-signature.ts";

export interface WebhookTarget {
  /** Absent: the Secret's key `url`. */
  readonly url?: string;
}

export interface WebhookPayload {
  readonly id: string;
  /** A `WebhookDocument` as JSON; what is signed. */
  readonly body: string;
}

/** Posts JSON of a published shape, signed with the Secret's `signingKey`. Any 2xx is a success. */
export function webhookSink(): Sink<WebhookTarget, WebhookPayload> {
  return {
    type: "webhook",
    render: (message) => {
      const document: WebhookDocument = { version: webhookVersion, ...message };
      return { id: message.id, body: `${JSON.stringify(document)}\n` };
    },
    send: async ({ id, body }, target, credentials, io, signal) => {
      const field = target.url === undefined ? 'Secret key "url"' : "webhook.url";
      const { url, authorization } = addressOf(target, field, credentials);
      const answer = await post(
        {
          url,
          addressField: field,
          headers: {
            "content-type": "application/json; charset=utf-8",
            "pawl-id": id,
            "pawl-signature": signature(body, signingKeyOf(credentials), io.clock.now()),
            ...(authorization !== undefined && { authorization }),
          },
          body,
        },
        credentials,
        io,
        signal,
      );
      if (answer.status >= 200 && answer.status < 300) return { to: url.host };
      throw new DeliveryError(answerFailure(answer, { name: url.host, field }, credentials));
    },
  };
}

/** User and password may stand before the host, but only where the address is kept in the Secret. */
function addressOf(target: WebhookTarget, field: string, credentials: Credentials) {
  const url = receiverUrl(target.url ?? credentials.get("url") ?? "", field);
  const { username, password } = url;
  if (username === "" && password === "") return { url };
  if (target.url !== undefined)
    throw new DeliveryError({
      code: "MissingCredential",
      retry: "never",
      field,
      reason: "its address holds a user or a password for everyone to read",
      advice: "Move the whole address into the Secret, under the key url.",
    });
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(user).toString("base64")}` };
}

/** Shorter ones can be guessed from one recorded request. */
const SHORTEST_KEY = 16;

function signingKeyOf(credentials: Credentials): string {
  const key = credentials.get("signingKey");
  if (key !== undefined && key.length >= SHORTEST_KEY) return key;
  throw new DeliveryError({
    code: "MissingCredential",
    retry: "never",
    field: 'Secret key "signingKey"',
    reason: key === undefined ? "it is not there" : `it is shorter than ${SHORTEST_KEY} characters`,
    advice: "Put a random text there that the receiver knows too, such as the output of: openssl rand -hex 32.",
  });
}
