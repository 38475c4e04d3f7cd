import { z } from "zod";
import { text } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";

/** `keys`: what the sink reads of the Secret. */
function secretRef(keys: string) {
  return z
    .strictObject({
      name: text({
        max: 253,
        pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
        message: "is not the name of a Secret: use lower-case letters, digits, '-' and '.'",
      }).describe("Name of the Secret, in the operator's namespace."),
    })
    .describe(`Secret with the credentials, read at each delivery. Keys: ${keys}`);
}

const ownAuthorities = "ca.crt (optional): certificates of authorities to trust besides those of the system, as PEM.";

const ChannelName = text({
  max: 80,
  pattern: /^(#?[^\s#@<>,]+)$/,
  message: "is not a channel: write its name such as #platform, or its id such as C024BE91L",
});

/** The team that a workload belongs to. */
export const OwnerName = z.string().min(1).max(253);

export const SlackSink = withInvariants(
  z.strictObject({
    secretRef: secretRef(
      `token, a bot token with the scope chat:write; or url, the address of an incoming webhook, which has its channel built in. ${ownAuthorities}`,
    ),
    channel: ChannelName.describe(
      "Where messages go that no route takes. Needed with a bot token, not possible with a webhook's address.",
    ).exactOptional(),
    routes: z
      .array(
        z
          .strictObject({
            owner: OwnerName.describe("The team, as its label says; unowned for what has none."),
            channel: ChannelName.describe("Where messages about what it owns go."),
          })
          .describe("Where messages about one team's resources go."),
      )
      .max(100)
      .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["owner"] })
      .superRefine((routes, context) => {
        routes.forEach(({ owner }, index) => {
          if (routes.findIndex((route) => route.owner === owner) < index)
            context.addIssue({
              code: "custom",
              path: [index],
              message: `owner ${JSON.stringify(owner)} has a route already: remove one`,
            });
        });
      })
      .describe("Channels by team, with a bot token only. Each channel gets one message, about what its teams own.")
      .exactOptional(),
  }),
  {
    cel: "!has(self.routes) || has(self.channel)",
    holds: ({ routes, channel }) => routes === undefined || channel !== undefined,
    message: "has routes but no channel for what they leave: set channel",
  },
);

const MailAddress = text({
  max: 320,
  pattern: /^([^<>"\r\n]* <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
  message: "is not an address: write team@example.com, or Platform Team <team@example.com>",
});

export const EmailSink = z.strictObject({
  secretRef: secretRef(`username and password, where the server asks for them. ${ownAuthorities}`).exactOptional(),
  host: text({
    max: 253,
    pattern: /^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$/,
    message: "is not a host: write its name or its address, without scheme and port",
  }).describe("Name or address of the SMTP server."),
  port: z.int().min(1).max(65_535).default(587).describe("Its port; 465 is usual with tls TLS."),
  tls: z
    .enum(["StartTLS", "TLS", "None"])
    .default("StartTLS")
    .describe(
      "StartTLS: encrypted after a greeting, or not at all. TLS: encrypted from the start. None: in the clear, where no credentials are sent.",
    ),
  from: MailAddress.describe("Sender."),
  to: z
    .array(MailAddress.describe("Recipient."))
    .min(1)
    .max(50)
    .meta({ "x-kubernetes-list-type": "set" })
    .describe("Recipients. All of them get the same mail."),
});

export const WebhookSink = z.strictObject({
  secretRef: secretRef(
    `signingKey, with which each delivery is signed (HMAC SHA-256); url, if the address itself is a secret. ${ownAuthorities}`,
  ),
  url: text({
    max: 2048,
    pattern: /^https?:[/][/][^\s/]+(\S*)$/,
    message: "is not an address: write it with https://",
  })
    .describe("Address that messages are posted to. Absent: the key url of the Secret.")
    .exactOptional(),
});

/** By type; exactly one is given. */
export const ReportSink = withInvariants(
  z.strictObject({
    slack: SlackSink.describe("Posts to Slack.").exactOptional(),
    email: EmailSink.describe("Sends mail over SMTP.").exactOptional(),
    webhook: WebhookSink.describe("Posts signed JSON to an address of your own.").exactOptional(),
  }),
  {
    cel: "[has(self.slack), has(self.email), has(self.webhook)].filter(given, given).size() == 1",
    holds: (sink) => Object.keys(sink).length === 1,
    message: "needs exactly one of slack, email and webhook: make one subscription for each",
  },
);

export type SlackSink = Immutable<z.infer<typeof SlackSink>>;
export type EmailSink = Immutable<z.infer<typeof EmailSink>>;
export type WebhookSink = Immutable<z.infer<typeof WebhookSink>>;
export type ReportSink = Immutable<z.infer<typeof ReportSink>>;
