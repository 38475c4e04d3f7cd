import type { Digest } from "./digest.ts";
import { digestPage } from "./digest-page.ts";
import type { TransitionsNotice } from "./transitions.ts";
import { type NoticeRemarks, transitionsPage } from "./transitions-page.ts";

/** The subject of a mail with a digest: one line that carries the verdict, without anything invisible. */
export function digestSubject(digest: Digest): string {
  return digestPage(digest).title;
}

/** The subject of a mail with an immediate message. */
export function transitionsSubject(notice: TransitionsNotice, remarks: NoticeRemarks): string {
  return transitionsPage(notice, remarks).title;
}
