import type { Credentials } from "./credentials.ts";
import type { DeliveryFailure } from "./delivery-error.ts";
import type { Answer } from "./http.ts";

/** Who answered, as in `hooks.slack.com`, and where its address stands. */
export interface Answerer {
  readonly name: string;
  readonly field: string;
}

/** What a status other than 2xx means where the receiver says nothing that we know better. */
export function answerFailure(answer: Answer, { name, field }: Answerer, credentials: Credentials): DeliveryFailure {
  const { status, retryAfterMs } = answer;
  const reason = `${name} answered ${status}${wordsOf(answer, credentials)}`;
  const retry = retryAfterMs === undefined ? {} : { after: retryAfterMs };
  if (status === 429)
    return { code: "RateLimited", retry, field, reason, advice: "It wants fewer messages: it is tried again." };
  if (status === 408 || status === 425 || status >= 500)
    return {
      code: "Unreachable",
      retry,
      field,
      reason,
      advice: "It has a problem of its own: it is tried again.",
      unconfirmed: mayHaveWorked.has(status),
    };
  if (status >= 300 && status < 400) {
    const advice = "Redirects are not followed: write the address that it redirects to.";
    return { code: "Rejected", retry: "never", field, reason, advice };
  }
  if (status === 401 || status === 403) {
    const advice = "Check the credentials in the Secret, and what the receiver asks for.";
    return { code: "Unauthorized", retry: "never", field, reason, advice };
  }
  if (status === 404 || status === 410)
    return { code: "UnknownChannel", retry: "never", field, reason, advice: "Check the address: nothing is there." };
  if (status === 400 || status === 413 || status === 415 || status === 422) {
    const advice = "The receiver does not understand the message: check that it is made for what Pawl sends.";
    return { code: "InvalidPayload", retry: "never", field, reason, advice };
  }
  const advice = "Check that this is the address of a receiver for messages.";
  return { code: "Rejected", retry: "never", field, reason, advice };
}

/** Behind these the message may have been taken all the same. */
const mayHaveWorked: ReadonlySet<number> = new Set([500, 502, 504]);

const LONGEST_WORDS = 200;
const readable: ReadonlySet<string> = new Set(["text/plain", "application/json", "application/problem+json"]);

/** What the receiver says, ready to stand behind a status: redacted, cut, on one line; nothing of a web page. */
export function wordsOf({ contentType, text }: Answer, credentials: Credentials): string {
  if (contentType === "text/html") return " with a web page";
  if (!readable.has(contentType)) return "";
  const words = credentials
    .redact(text)
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim();
  if (words === "") return "";
  return `: ${words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words}`;
}
