import { pageSlack, type SlackMessage } from "./page-slack.ts";
import type { TransitionsNotice } from "./transitions.ts";
import { type NoticeRemarks, transitionsPage } from "./transitions-page.ts";

/** An immediate message in Slack's blocks: at most 45, 3,000 characters each and 12,000 together. */
export function renderTransitionsSlack(notice: TransitionsNotice, remarks: NoticeRemarks): SlackMessage {
  return pageSlack(transitionsPage(notice, remarks));
}
