import type { EmailTarget } from "../../src/notify/sinks/email.ts";

/** Where the demo sends its digest. */
export type Receiver =
  | { readonly type: "slack"; readonly url: string }
  | {
      readonly type: "email";
      readonly target: EmailTarget;
      readonly username?: string;
      readonly password?: string;
    };

/** An address cannot be understood. The message never repeats it: it may hold a password. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";
}

/**
 * Reads `SLACK_WEBHOOK`, the address of an incoming webhook, and `SMTP`, a mail server with sender and recipients:
 * `smtp://user:password@mail.example.com:587/?from=pawl@example.com&to=team@example.com`. `smtps://` is encrypted from the start,
 * `smtp://` after a greeting, and with `&tls=None` not at all.
 * @throws ReceiverError
 */
export function readReceivers(env: Readonly<Record<string, string | undefined>>): readonly Receiver[] {
  const { SLACK_WEBHOOK: slack = "", SMTP: smtp = "" } = env;
  return [
    ...(slack === "" ? [] : [{ type: "slack" as const, url: slack }]),
    ...(smtp === "" ? [] : [mailServer(smtp)]),
  ];
}

const example = "smtp://user:password@mail.example.com:587/?from=pawl@example.com&to=team@example.com";

function mailServer(text: string): Receiver {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const implicit = url?.protocol === "smtps:";
  if (url === undefined || url.hostname === "" || !(implicit || url.protocol === "smtp:"))
    throw new ReceiverError(`SMTP holds no address of a mail server: write ${example}`);
  const [from, ...others] = url.searchParams.getAll("from");
  const to = url.searchParams.getAll("to");
  if (from === undefined || others.length > 0 || to.length === 0)
    throw new ReceiverError(`SMTP names no sender, or no recipient: write ${example}`);
  const inTheClear = url.searchParams.get("tls") === "None";
  const { username, password } = url;
  return {
    type: "email",
    target: {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (implicit ? 465 : 587) : Number(url.port),
      tls: implicit ? "TLS" : inTheClear ? "None" : "StartTLS",
      from,
      to,
    },
    ...(username === "" ? {} : { username: decodeURIComponent(username), password: decodeURIComponent(password) }),
  };
}
