import { createHash } from "node:crypto";
import addressparser from "nodemailer/lib/addressparser";
import MailComposer from "nodemailer/lib/mail-composer";
import { type EmailPayload, renderEmail } from "./email-payload.ts";
import { type MailRoute, submit } from "./mail-session.ts";
import type { Sink } from "./sink.ts";

export interface EmailTarget extends MailRoute {
  /** `pawl@example.com` or `Pawl <pawl@example.com>`. */
  readonly from: string;
  readonly to: readonly string[];
}

/** Sends mail over SMTP: complete plain text, HTML, and the trend as pictures that the HTML can do without. */
export function emailSink(): Sink<EmailTarget, EmailPayload> {
  return {
    type: "email",
    render: renderEmail,
    send: async (payload, target, credentials, io, signal) => {
      const from = addressOf(target.from);
      const to = target.to.map(addressOf);
      const mail = await compose(payload, target, new Date(io.clock.now()));
      const { rejected } = await submit(mail, { from, to }, target, credentials, io, signal);
      const taken = to.length - rejected.length;
      return {
        to: `${rejected.length === 0 ? "" : `${taken} of `}${to.length} recipient${to.length === 1 ? "" : "s"}`,
        reference: messageId(payload.id, target.from),
        ...(rejected.length > 0 && { refused: rejected }),
      };
    },
  };
}

/** The mail as it goes over the wire. Same payload, target and date, same bytes. */
export async function compose(payload: EmailPayload, target: EmailTarget, date: Date): Promise<Uint8Array> {
  const { id, subject, text, html, images, cluster, subscription } = payload;
  const composer = new MailComposer({
    from: target.from,
    to: [...target.to],
    subject,
    text,
    html,
    attachments: images.map(({ cid, png }) => ({
      cid,
      content: Buffer.from(png),
      contentType: "image/png",
      filename: `${cid}.png`,
    })),
    date,
    messageId: messageId(id, target.from),
    baseBoundary: createHash("sha256").update(id).digest("hex").slice(0, 32),
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      // No holiday replies, neither by the standard nor by Exchange.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      "List-Id": listId(cluster, subscription, target.from),
    },
  });
  return composer.compile().build();
}

/** The same for each attempt, so that mail programs show a repeat once. */
function messageId(id: string, from: string): string {
  return `<${id}@${domainOf(from)}>`;
}

/** What filters of mail programs go by. */
function listId(cluster: string, subscription: string, from: string): string {
  const label = (name: string) =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-")
      .slice(0, 63);
  return `<${label(subscription)}.${label(cluster)}.pawl.${domainOf(from)}>`;
}

function addressOf(mailbox: string): string {
  return addressparser(mailbox, { flatten: true })[0]?.address ?? mailbox;
}

function domainOf(mailbox: string): string {
  const address = addressOf(mailbox);
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}
