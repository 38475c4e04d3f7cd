import { pageHtml } from "./page-html.ts";
import type { TransitionsNotice } from "./transitions.ts";
import { type NoticeRemarks, transitionsPage } from "./transitions-page.ts";

/** An immediate message as the HTML part of a mail, below 100 KB. */
export function renderTransitionsHtml(notice: TransitionsNotice, remarks: NoticeRemarks): string {
  return pageHtml(transitionsPage(notice, remarks));
}
