import { z } from "zod";
import { atomic, Count, Day, listOf, mapOf, Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { type Column, type KindDefinition, objectOf } from "./kind-definition.ts";
import { Severity } from "./severity.ts";
import { Summary, scoreColumn, severityColumns, stateColumns } from "./summary.ts";
import { ownership, PolicyReference, place, Ref, Violating } from "./violating.ts";

const changeTargets = ["New", "Known", "Fixed", "Gone"] as const;

export type ChangeTarget = (typeof changeTargets)[number];

/** Why a violation changed its state. The list grows: readers must take words that they do not know. */
export const changeReasons = {
  Found: "It appeared and nothing in the baseline covers it.",
  Accepted: "A person added it to the baseline.",
  Moved: "It turned out to be a known violation under another name or place.",
  Returned: "It came back after it had been fixed for longer than settle.",
  Fixed: "It is gone while its resource is still there.",
  Removed: "Its resource is gone.",
} as const;

const HoistedRule = z
  .object({
    severity: Severity.describe("Severity that the policy gives it."),
    title: z.string().describe("What it asks, in a few words."),
    message: z.string().describe("The policy's own text for it.").exactOptional(),
    helpUrl: z.string().describe("The policy's own web address for it.").exactOptional(),
  })
  .describe("One rule that rows of the report name.");

export type HoistedRule = Immutable<z.infer<typeof HoistedRule>>;

const Change = z
  .object({
    id: z.string().describe("Identifies the change; the same in every reading."),
    at: Timestamp.describe("When it was found."),
    ref: Ref,
    ...ownership,
    ...place,
    to: z.enum(changeTargets).describe("State after the change. Gone: it was new and is no more."),
    reason: z
      .string()
      .max(64)
      .regex(/^[A-Z][A-Za-z]*$/)
      .describe(`Why, as one word: ${Object.keys(changeReasons).join(", ")}. The list may grow.`),
  })
  .describe("One change of state.");

export type Change = Immutable<z.infer<typeof Change>>;

const HistoryDay = z
  .object({
    date: Day.describe("The day, in UTC."),
    resources: Count.describe("Resources judged at its end."),
    new: Count.describe("New violations at its end."),
    known: Count.describe("Known violations at its end."),
    fixed: Count.describe("Baseline entries gone at its end."),
    found: Count.describe("New violations that appeared on it."),
    gone: Count.describe("New violations that disappeared on it."),
    critical: Count.describe("Violations of severity Critical at its end."),
    high: Count.describe("Violations of severity High at its end."),
    score: z.int().min(0).max(100).describe("Score at its end; absent without resources.").exactOptional(),
  })
  .describe("One day on which something changed.");

export type HistoryDay = Immutable<z.infer<typeof HistoryDay>>;

const RuleProblem = z
  .object({
    rule: z.string().describe("Id of the rule."),
    resource: z.string().describe("The resource it was judging, as Kind.group/name."),
    reason: z.string().max(1024).describe("What it threw."),
  })
  .describe("One rule that threw instead of judging.");

export type RuleProblem = Immutable<z.infer<typeof RuleProblem>>;

const fields = {
  policyRef: atomic(PolicyReference).describe("The policy that the report belongs to."),
  baselineTakenAt: Timestamp.describe("When the baseline was taken that the report compares with.").exactOptional(),
  summary: Summary.describe("What the report adds up to."),
  changedAt: Timestamp.describe(
    "When the content last changed. Reports carry no time of scanning; the Policy's status and the metrics do.",
  ),
  rules: mapOf(HoistedRule).describe("The rules that rows of the report name, by id."),
  violating: Violating,
  changes: listOf(Change).describe("Changes of state in the last 7 days, newest first, at most 200."),
  changesDropped: Count.describe("Number of younger changes that were left out beyond 200.").exactOptional(),
  history: listOf(HistoryDay).describe("One entry for each day on which something changed, at most 35, newest last."),
  unverified: listOf(z.string().describe("A kind as Kind.group, or a rule.")).describe(
    "Kinds and rules whose evidence is incomplete. What they say stands as it was.",
  ),
  problems: listOf(RuleProblem).describe("Rules that threw. Their verdicts are missing here."),
  parts: Count.describe("Number of parts that hold the rows; with 0 they are all in violating."),
  partBits: Count.describe("Number of bits of a resource's hash that choose its part.").exactOptional(),
};

const columns = [
  ...stateColumns(".summary"),
  ...severityColumns(".summary", false),
  scoreColumn(".summary"),
  { name: "Changed", type: "date", jsonPath: ".changedAt", description: "Time since the content last changed." },
] as const satisfies readonly Column[];

const ScanReportObject = objectOf("ScanReport", fields).describe(
  "A ScanReport lists what one policy finds in one namespace. It is named like its policy. Written by the operator only.",
);

const ClusterScanReportObject = objectOf("ClusterScanReport", fields).describe(
  "A ClusterScanReport lists what one policy finds in resources without a namespace. It is named like its policy. Written by the operator only.",
);

export type ScanReport = Immutable<z.infer<typeof ScanReportObject>>;

export type ClusterScanReport = Immutable<z.infer<typeof ClusterScanReportObject>>;

export const scanReportKind = {
  kind: "ScanReport",
  plural: "scanreports",
  singular: "scanreport",
  shortNames: ["sr"],
  scope: "Namespaced",
  inCategory: true,
  statusSubresource: false,
  columns,
  selectableFields: [".policyRef.name"],
  schema: ScanReportObject,
} as const satisfies KindDefinition;

export const clusterScanReportKind = {
  kind: "ClusterScanReport",
  plural: "clusterscanreports",
  singular: "clusterscanreport",
  shortNames: ["csrep"],
  scope: "Cluster",
  inCategory: true,
  statusSubresource: false,
  columns,
  selectableFields: [".policyRef.name"],
  schema: ClusterScanReportObject,
} as const satisfies KindDefinition;
