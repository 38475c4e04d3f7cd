import type { Digest } from "./digest.ts";
import { type DeliveryRemarks, digestPage } from "./digest-page.ts";
import { pageMarkdown } from "./page-markdown.ts";

/** A digest as GitHub-flavoured markdown. */
export function renderDigestMarkdown(digest: Digest, remarks: DeliveryRemarks = {}): string {
  return pageMarkdown(digestPage(digest, remarks));
}
