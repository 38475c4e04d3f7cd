import type { Digest } from "./digest.ts";
import { type DeliveryRemarks, digestPage } from "./digest-page.ts";
import { pageText } from "./page-text.ts";

/** A digest as plain text, complete, at most 78 columns wide where its words are not wider. */
export function renderDigestText(digest: Digest, remarks: DeliveryRemarks = {}): string {
  return pageText(digestPage(digest, remarks));
}
