import type { NodemailerError } from "nodemailer";
import { codesOf, connectionFailure } from "./connection-failure.ts";
import type { Credentials } from "./credentials.ts";
import type { DeliveryFailure } from "./delivery-error.ts";

export interface MailServer {
  /** `mail.example.com:587`. */
  readonly name: string;
  /** The whole mail was handed over before it failed. */
  readonly handedOver: boolean;
}

/** What it means that a mail did not go, by nodemailer's code, the command that failed and the server's reply. */
export function mailFailure(error: NodemailerError, server: MailServer, credentials: Credentials): DeliveryFailure {
  const { command = "", responseCode, response } = error;
  if (responseCode === undefined || response === undefined) return withoutReply(error, server);
  const reason = `${server.name} answered ${wordsOf(response, credentials)}`;
  const temporary = error.permanent === false;
  const retry = temporary ? {} : ("never" as const);
  const later = "The server takes it later, it says: it is tried again.";
  if (responseCode === 421)
    return { code: "Unreachable", retry: {}, field: "email.host", reason, advice: "It is tried again." };
  if (error.code === "EAUTH") {
    const advice = temporary ? later : "Put the user and password that the server knows into the Secret.";
    return { code: temporary ? "Unreachable" : "Unauthorized", retry, field: passwordKey, reason, advice };
  }
  if (responseCode === 530 || responseCode === 538) {
    const advice =
      "Name a Secret with username and password in email.secretRef, and leave email.tls at StartTLS or TLS.";
    return { code: "MissingCredential", retry: "never", field: "email.secretRef", reason, advice };
  }
  if (error.code === "ETLS") {
    const advice = temporary ? later : "It offers no StartTLS here: set email.tls to TLS, mostly with port 465.";
    return { code: "BadCertificate", retry, field: "email.tls", reason, advice };
  }
  if (responseCode === 552 || responseCode === 523) {
    const advice = "The mail is too large for the server: narrow spec.filter, or ask for a higher limit.";
    return { code: "InvalidPayload", retry, field: "email", reason, advice };
  }
  if (command === "RCPT TO") {
    const advice = temporary ? later : "Check the recipients, and whether the server delivers to them for this sender.";
    return { code: temporary ? "Rejected" : "UnknownChannel", retry, field: "email.to", reason, advice };
  }
  if (command === "MAIL FROM") {
    const advice = temporary ? later : "Write a sender that the server accepts from this user.";
    return { code: "Rejected", retry, field: "email.from", reason, advice };
  }
  if (error.code === "EPROTOCOL" || error.code === "ECONNECTION") {
    const advice = temporary ? later : "Check host and port: this server does not want to talk to us.";
    return { code: "Rejected", retry, field: "email.host", reason, advice };
  }
  const advice = temporary ? later : "Ask who runs the mail server why it refuses the mail.";
  return { code: "Rejected", retry, field: "email", reason, advice };
}

const passwordKey = 'Secret key "password"';

function withoutReply(error: NodemailerError, { name, handedOver }: MailServer): DeliveryFailure {
  switch (error.code) {
    case "EAUTH":
      return {
        code: "Unauthorized",
        retry: "never",
        field: passwordKey,
        reason: `${name} offers no way to log in that Pawl knows`,
        advice: "It has to offer PLAIN, LOGIN or CRAM-MD5 on this port, or take mails without credentials.",
      };
    case "EMESSAGE":
      return {
        code: "InvalidPayload",
        retry: "never",
        field: "email",
        reason: `the mail is larger than ${name} takes`,
        advice: "Narrow spec.filter, or ask for a higher limit.",
      };
    case "EENVELOPE":
      return {
        code: "Rejected",
        retry: "never",
        field: "email.to",
        reason: "the sender or a recipient is not an address",
        advice: "Write addresses as team@example.com.",
      };
    case "EPROTOCOL":
      return {
        code: "Rejected",
        retry: "never",
        field: "email.port",
        reason: `what answers at ${name} does not speak SMTP`,
        advice: "Check host and port; with email.tls StartTLS the port is mostly 587, with TLS 465.",
      };
    case "ETLS":
      if (codesOf(error).length === 1)
        return {
          code: "BadCertificate",
          retry: "never",
          field: "email.tls",
          reason: `no encrypted connection to ${name} came about`,
          advice: "Check its certificate, the Secret key ca.crt, and that email.tls fits the port.",
        };
      break;
    default:
  }
  return connectionFailure(error, { name, field: "email.host", unconfirmed: handedOver });
}

const LONGEST_WORDS = 200;

function wordsOf(response: string, credentials: Credentials): string {
  const words = credentials
    .redact(response)
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim();
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
}
