import type { Digest } from "./digest.ts";
import { type DeliveryRemarks, digestPage } from "./digest-page.ts";
import { pageSlack, type SlackMessage } from "./page-slack.ts";

/** A digest in Slack's blocks: at most 45, 3,000 characters each and 12,000 together. */
export function renderDigestSlack(digest: Digest, remarks: DeliveryRemarks = {}): SlackMessage {
  return pageSlack(digestPage(digest, remarks));
}
