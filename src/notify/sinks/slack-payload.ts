import { renderDigestSlack } from "../../formats/digest-slack.ts";
import type { SlackMessage } from "../../formats/page-slack.ts";
import { renderTransitionsSlack } from "../../formats/transitions-slack.ts";
import type { Message } from "../message.ts";

export interface SlackPayload {
  /** Of the message. */
  readonly id: string;
  readonly content: SlackMessage;
}

export function renderSlack(message: Message): SlackPayload {
  const { id, cluster, subscription, repeated } = message;
  const content =
    message.kind === "transitions"
      ? renderTransitionsSlack(message.notice, { cluster, subscription, repeated })
      : renderDigestSlack(message.digest, { repeated });
  return { id, content };
}
