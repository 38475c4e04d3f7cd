import { pageMarkdown } from "./page-markdown.ts";
import type { TransitionsNotice } from "./transitions.ts";
import { type NoticeRemarks, transitionsPage } from "./transitions-page.ts";

/** An immediate message as GitHub-flavoured markdown. */
export function renderTransitionsMarkdown(notice: TransitionsNotice, remarks: NoticeRemarks): string {
  return pageMarkdown(transitionsPage(notice, remarks));
}
