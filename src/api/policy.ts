import { z } from "zod";
import { parseDuration } from "./duration.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";
import { age, type KindDefinition, objectOf } from "./kind-definition.ts";
import { PolicyMatch } from "./policy-match.ts";
import { PolicyRules } from "./policy-rules.ts";
import { PolicyStatus } from "./policy-status.ts";
import { checkSchedule, ScheduleText, TimeZoneText } from "./schedule-fields.ts";
import { scoreColumn, severityColumns, stateColumns } from "./summary.ts";

export type { PolicyMatch } from "./policy-match.ts";
export type { PolicyRules, RuleOverride } from "./policy-rules.ts";

const settlePattern = /^([0-9]{1,6}([.][0-9]{1,3})?(h|ms|m|s))+$/;
const settleMaximumMs = 720 * 3_600_000;

const PolicyBaseline = z.strictObject({
  mode: z
    .enum(["Ratchet", "Off"])
    .default("Ratchet")
    .describe(
      "Ratchet: what the first complete scan finds is known, what comes on top is new. Off: everything is new, and the baseline rests; put it in quotes, or YAML reads it as false.",
    ),
  settle: withInvariants(z.string().min(1).max(16), {
    cel: `self.matches(r'${settlePattern.source}') && duration(self) <= duration('720h')`,
    holds: (span) => settlePattern.test(span) && (parseDuration(span) ?? Number.POSITIVE_INFINITY) <= settleMaximumMs,
    message: "is not a duration from 0s to 720h: write for example 24h, 90m or 0s",
  })
    .default("24h")
    .describe(
      "How long something fixed may come back without being new, such as in a rollback: 0s to 720h, in h, m, s, ms.",
    ),
  newNamespaces: z
    .enum(["Empty", "Adopt"])
    .default("Empty")
    .describe(
      "What namespaces younger than the policy's baseline start with. Empty: all in them is new. Adopt: what their first scan finds is known.",
    ),
});

const PolicyScan = z
  .strictObject({
    continuous: z
      .boolean()
      .default(true)
      .describe("Whether changes are judged as they happen. false opens no watch: only full scans find anything."),
    schedule: ScheduleText.default("0 * * * *").describe(
      "When full scans run, in cron's five fields or as @hourly, @daily, @weekly, @monthly or @yearly.",
    ),
    timeZone: TimeZoneText.default("Etc/UTC").describe("IANA time zone in which the schedule is read."),
    suspend: z
      .boolean()
      .default(false)
      .describe("true stops schedule and watch. A scan on request still runs, and reports stay as they are."),
  })
  .superRefine(checkSchedule);

export const PolicySpec = z.strictObject({
  description: z
    .string()
    .max(1024)
    .describe("What the policy is for, in a sentence or two for people.")
    .exactOptional(),
  match: PolicyMatch.prefault({}).describe("What is judged. All given parts must hold; empty means everything."),
  rules: PolicyRules.prefault({}).describe("By what it is judged."),
  baseline: PolicyBaseline.prefault({}).describe("How debt that was there before the policy is treated."),
  scan: PolicyScan.prefault({}).describe("When it is judged."),
});

/** What is judged, by what and when; with every default filled in. */
export type PolicySpec = Immutable<z.infer<typeof PolicySpec>>;

const PolicyObject = withInvariants(
  objectOf("Policy", {
    spec: PolicySpec.describe("What the user asks for."),
    status: PolicyStatus.describe("What the operator found.").exactOptional(),
  }).describe(
    "A Policy says which resources of the cluster are judged by which rules, how debt that is there already is treated, and when scans run.",
  ),
  {
    cel: "self.metadata.name.matches(r'^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && size(self.metadata.name) <= 63",
    holds: ({ metadata }) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(metadata.name) && metadata.name.length <= 63,
    message:
      "metadata.name must be a DNS label, because reports and labels carry it: at most 63 lower-case letters, digits and '-', no dots",
  },
);

export type Policy = Immutable<z.infer<typeof PolicyObject>>;

/** How a Policy is read back: whether its spec can be understood is `parsePolicySpec`'s to say. */
const StoredPolicyObject = objectOf("Policy", { spec: z.unknown(), status: PolicyStatus.exactOptional() });

export const storedPolicy = { schema: StoredPolicyObject };

export const policyKind = {
  kind: "Policy",
  plural: "policies",
  singular: "policy",
  shortNames: ["ppol"],
  scope: "Cluster",
  inCategory: true,
  statusSubresource: true,
  columns: [
    {
      name: "Ready",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: "Whether the spec compiled and is in force.",
    },
    ...stateColumns(".status.summary"),
    {
      name: "Coverage",
      type: "integer",
      jsonPath: ".status.coverage.percent",
      description: "Percentage of the kinds in scope that were read completely.",
    },
    scoreColumn(".status.summary"),
    {
      name: "Last Scan",
      type: "date",
      jsonPath: ".status.lastScanTime",
      description: "Time since the last full scan ended.",
    },
    age,
    ...severityColumns(".status.summary", true),
    {
      name: "Next Scan",
      type: "string",
      jsonPath: ".status.nextScanTime",
      description: "When the next scheduled scan is due.",
      wide: true,
    },
  ],
  selectableFields: [],
  schema: PolicyObject,
} as const satisfies KindDefinition;
