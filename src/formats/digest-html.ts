import type { Digest } from "./digest.ts";
import { type DeliveryRemarks, digestPage } from "./digest-page.ts";
import { pageHtml, type TrendImage } from "./page-html.ts";

export interface DigestHtmlOptions extends DeliveryRemarks {
  /** A picture of `digest.trend` that comes with the mail; without it the trend is drawn in characters alone. */
  readonly trendImage?: TrendImage;
}

/** A digest as the HTML part of a mail, below 100 KB. */
export function renderDigestHtml(digest: Digest, { trendImage, ...remarks }: DigestHtmlOptions = {}): string {
  return pageHtml(digestPage(digest, remarks), trendImage);
}
