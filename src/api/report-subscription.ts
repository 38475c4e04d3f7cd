import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { setOf, text } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";
import { age, type KindDefinition, objectOf } from "./kind-definition.ts";
import { NamespaceMatch } from "./policy-match.ts";
import { ReportSink } from "./report-subscription-sink.ts";
import { ReportSubscriptionStatus } from "./report-subscription-status.ts";
import { checkSchedule, ScheduleText, TimeZoneText } from "./schedule-fields.ts";
import { Severity } from "./severity.ts";

const PolicyName = text({
  max: 63,
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  message: "is not the name of a Policy: use lower-case letters, digits and '-'",
}).describe("Name of a Policy.");

/** `what` stands in the plural: owners. */
function patterns(what: string, one: string) {
  const pattern = z.string().min(1).max(253).describe(one);
  return z.strictObject({
    include: setOf(pattern, 100).describe(`${what} that are selected. Absent or empty: all.`).exactOptional(),
    exclude: setOf(pattern, 100).describe(`${what} that are left out. Wins over include.`).exactOptional(),
  });
}

const ReportFilter = z.strictObject({
  policies: setOf(PolicyName, 100).describe("Policies that are selected. Absent or empty: all.").exactOptional(),
  namespaces: NamespaceMatch.describe(
    "Namespaces that are selected. With include, resources without a namespace are left out.",
  ).exactOptional(),
  owners: patterns("Teams", "A team, or a pattern: * stands for any characters, ? for one. unowned: has none.")
    .describe("Teams whose resources are selected.")
    .exactOptional(),
  sources: patterns("Sources", "A source such as argocd:shop or helm:*, with * for any characters and ? for one.")
    .describe(
      "What the selected resources were deployed from: charts and Applications, so that those of others can be told apart.",
    )
    .exactOptional(),
  minimumSeverity: Severity.describe("Lowest severity that is selected. Absent: all.").exactOptional(),
  states: setOf(z.enum(["New", "Known", "Fixed"]).describe("New, Known or Fixed."), 3)
    .describe(
      "What is told of: New (in excess of the baseline), Known (covered by it, never told of immediately), Fixed. Absent or empty: all.",
    )
    .exactOptional(),
});

const ReportDigest = z
  .strictObject({
    schedule: ScheduleText.describe(
      "When it is sent, in cron's five fields or as @daily, @weekly, @monthly: '0 9 * * 1' is Monday at nine.",
    ),
    timeZone: TimeZoneText.default("Etc/UTC").describe(
      "IANA time zone in which the schedule is read and all times are written.",
    ),
  })
  .superRefine(checkSchedule);

const spanPattern = /^([0-9]{1,6}(h|ms|m|s))+$/;

function span(maximum: string) {
  const limit = parseDuration(maximum) ?? 0;
  return withInvariants(z.string().min(1).max(16), {
    cel: `self.matches(r'${spanPattern.source}') && duration(self) <= duration('${maximum}')`,
    holds: (value) => spanPattern.test(value) && (parseDuration(value) ?? Number.POSITIVE_INFINITY) <= limit,
    message: `is not a duration from 0s to ${maximum}: write for example 60s or 5m`,
  });
}

const ReportImmediate = z.strictObject({
  groupBy: z
    .enum(["OwnerAndRule", "Rule"])
    .default("OwnerAndRule")
    .describe("What one message is about: one rule in one team's resources, or one rule wherever it is broken."),
  wait: span("10m")
    .default("60s")
    .describe("How long transitions are gathered from the first one on. What is undone meanwhile is not sent."),
  interval: span("1h").default("5m").describe("Shortest time between two messages about the same."),
  maxPerHour: z
    .int()
    .min(1)
    .max(60)
    .default(10)
    .describe("Most immediate messages in an hour and channel. What is beyond goes into the digest, with a count."),
});

export const ReportSubscriptionSpec = withInvariants(
  z.strictObject({
    sink: ReportSink.describe("Where messages go: exactly one of slack, email and webhook."),
    filter: ReportFilter.prefault({}).describe("What is told of. All given parts must hold; empty means everything."),
    digest: ReportDigest.describe("A summary at set times. Absent: none.").exactOptional(),
    immediate: ReportImmediate.describe(
      "Messages about what becomes new or is fixed, within minutes. Absent: none; {} takes the defaults.",
    ).exactOptional(),
    suspend: z
      .boolean()
      .default(false)
      .describe("true sends nothing. What happens meanwhile is in the first digest afterwards."),
  }),
  {
    cel: "has(self.digest) || has(self.immediate)",
    holds: ({ digest, immediate }) => digest !== undefined || immediate !== undefined,
    message: "needs digest or immediate, or nothing would be sent: add one",
  },
);

/** Who is told what, when and where; with every default filled in. */
export type ReportSubscriptionSpec = Immutable<z.infer<typeof ReportSubscriptionSpec>>;

export type ReportFilter = ReportSubscriptionSpec["filter"];

const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const ReportSubscriptionObject = withInvariants(
  objectOf("ReportSubscription", {
    spec: ReportSubscriptionSpec.describe("What the user asks for."),
    status: ReportSubscriptionStatus.describe("What was sent, and what is to be sent.").exactOptional(),
  }).describe(
    "A ReportSubscription sends what changes in the reports, and summaries of them, to one Slack workspace, mail server or webhook.",
  ),
  {
    cel: `self.metadata.name.matches(r'${namePattern.source}') && size(self.metadata.name) <= 63`,
    holds: ({ metadata }) => namePattern.test(metadata.name) && metadata.name.length <= 63,
    message:
      "metadata.name must be a DNS label, because metrics and messages carry it: at most 63 lower-case letters, digits and '-', no dots",
  },
);

export type ReportSubscription = Immutable<z.infer<typeof ReportSubscriptionObject>>;

/** How a ReportSubscription is read back: whether its spec can be understood is `parseSubscriptionSpec`'s to say. */
export const storedSubscription = {
  schema: objectOf("ReportSubscription", { spec: z.unknown(), status: ReportSubscriptionStatus.exactOptional() }),
};

export const reportSubscriptionKind = {
  kind: "ReportSubscription",
  plural: "reportsubscriptions",
  singular: "reportsubscription",
  shortNames: ["rsub"],
  scope: "Cluster",
  inCategory: true,
  statusSubresource: true,
  columns: [
    { name: "Sink", type: "string", jsonPath: ".status.sink", description: "Type of the sink." },
    { name: "Schedule", type: "string", jsonPath: ".spec.digest.schedule", description: "When digests are sent." },
    {
      name: "Last Sent",
      type: "date",
      jsonPath: ".status.lastDelivery.at",
      description: "Time since a message was last delivered.",
    },
    {
      name: "Ready",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: "Whether messages can be sent, as far as is known.",
    },
    age,
  ],
  selectableFields: [],
  schema: ReportSubscriptionObject,
} as const satisfies KindDefinition;
