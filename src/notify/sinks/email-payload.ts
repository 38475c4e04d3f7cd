import { renderDigestHtml } from "../../formats/digest-html.ts";
import { renderDigestText } from "../../formats/digest-text.ts";
import { digestSubject, transitionsSubject } from "../../formats/subject.ts";
import { renderTransitionsHtml } from "../../formats/transitions-html.ts";
import { renderTransitionsText } from "../../formats/transitions-text.ts";
import type { Message } from "../message.ts";
import { trendImage } from "./trend-image.ts";

export interface InlineImage {
  /** Its Content-ID without brackets. */
  readonly cid: string;
  readonly png: Uint8Array;
}

export interface EmailPayload {
  /** Of the message. */
  readonly id: string;
  readonly cluster: string;
  readonly subscription: string;
  readonly subject: string;
  /** Complete without the HTML. */
  readonly text: string;
  /** Complete without the images. */
  readonly html: string;
  readonly images: readonly InlineImage[];
}

export function renderEmail(message: Message): EmailPayload {
  const { id, cluster, subscription, repeated } = message;
  const mark = repeated ? "[repeat] " : "";
  if (message.kind === "transitions") {
    const { notice } = message;
    const remarks = { cluster, subscription, repeated };
    return {
      id,
      cluster,
      subscription,
      subject: `${mark}${transitionsSubject(notice, remarks)}`,
      text: renderTransitionsText(notice, remarks),
      html: renderTransitionsHtml(notice, remarks),
      images: [],
    };
  }
  const { digest } = message;
  // The report of the baseline has no trend yet.
  const image = digest.kind === "digest" ? trendImage(digest.trend) : undefined;
  const cid = `trend-${id}`;
  return {
    id,
    cluster,
    subscription,
    subject: `${mark}${digestSubject(digest)}`,
    text: renderDigestText(digest, { repeated }),
    html: renderDigestHtml(digest, { repeated, ...(image !== undefined && { trendImage: { ...image, cid } }) }),
    images: image === undefined ? [] : [{ cid, png: image.png }],
  };
}
