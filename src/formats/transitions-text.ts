import { pageText } from "./page-text.ts";
import type { TransitionsNotice } from "./transitions.ts";
import { type NoticeRemarks, transitionsPage } from "./transitions-page.ts";

/** An immediate message as plain text, complete, at most 78 columns wide where its words are not wider. */
export function renderTransitionsText(notice: TransitionsNotice, remarks: NoticeRemarks): string {
  return pageText(transitionsPage(notice, remarks));
}
