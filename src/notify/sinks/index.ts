import { type EmailTarget, emailSink } from "./email.ts";
import type { EmailPayload } from "./email-payload.ts";
import type { Sink } from "./sink.ts";
import { type SlackOptions, type SlackTarget, slackSink } from "./slack.ts";
import type { SlackPayload } from "./slack-payload.ts";
import { type WebhookPayload, type WebhookTarget, webhookSink } from "./webhook.ts";

/** Every sink, by its name below `spec.sink`. A new one is one more line here; docs/guides/add-a-sink.md says what else. */
export interface Sinks {
  readonly slack: Sink<SlackTarget, SlackPayload>;
  readonly email: Sink<EmailTarget, EmailPayload>;
  readonly webhook: Sink<WebhookTarget, WebhookPayload>;
}

export function allSinks({ slack }: { readonly slack: SlackOptions }): Sinks {
  return { slack: slackSink(slack), email: emailSink(), webhook: webhookSink() };
}
