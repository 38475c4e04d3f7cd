import { z } from "zod";
import { Condition } from "./conditions.ts";
import { atomic, Count, FreeForm, listOf, Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { Summary } from "./summary.ts";

const Generation = z.int().min(0);

const InForce = z.object({
  generation: Generation.describe("Generation of the Policy that this spec was."),
  spec: atomic(FreeForm).describe("The spec, as it was then."),
});

const CoverageHole = z
  .object({
    kind: z.string().describe("The kind, as Kind.group."),
    reason: z.string().max(64).describe("Why it could not be read, as one CamelCase word, such as Forbidden."),
    message: z.string().max(1024).describe("What happened and what to do."),
    since: Timestamp.describe("Since when it could not be read."),
  })
  .describe("One kind in scope that could not be read completely.");

const Coverage = z.object({
  percent: z.int().min(0).max(100).describe("Kinds read completely, in percent of the kinds in scope, rounded down."),
  holes: listOf(CoverageHole)
    .describe("Kinds in scope that could not be read. What they hold is not judged.")
    .exactOptional(),
});

const InactiveRule = z
  .object({
    rule: z.string().describe("Id of the rule."),
    reason: z.string().max(64).describe("Why it does not run, as one CamelCase word, such as NeedsSecretMetadata."),
  })
  .describe("One rule that is enabled but does not run.");

const RuleCount = z
  .object({
    id: z.string().describe("Id of the rule."),
    new: Count.describe("Its violations in excess of the baseline."),
    known: Count.describe("Its violations that the baseline covers."),
    lastNewTime: Timestamp.describe("When something new was last found by it.").exactOptional(),
  })
  .describe("What one rule found.");

const RuleAdoption = z
  .object({
    rule: z.string().describe("Id of the rule."),
    at: Timestamp.describe("When all namespaces had adopted it."),
    violations: Count.describe("What it found then, known from then on."),
    resources: Count.describe("In how many resources."),
    namespaces: Count.describe("In how many namespaces; resources without one count as one more."),
  })
  .describe("One rule that an edit or an upgrade brought, and what it found at first.");

export type RuleAdoption = Immutable<z.infer<typeof RuleAdoption>>;

export const PolicyStatus = z.object({
  observedGeneration: Generation.describe("Generation of the spec that was last looked at.").exactOptional(),
  conditions: z
    .array(Condition)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .describe("Ready, Stalled and Degraded.")
    .exactOptional(),
  inForce: InForce.describe(
    "The last spec that compiled, by which scans judge. It stays in force when a later one is bad, also over a restart of the operator.",
  ).exactOptional(),
  baselineTakenAt: Timestamp.describe("When the oldest baseline of the policy was taken.").exactOptional(),
  lastScanTime: Timestamp.describe("When the last full scan ended, also one with holes.").exactOptional(),
  nextScanTime: Timestamp.describe("When the next scheduled scan is due. Absent while suspended.").exactOptional(),
  lastHandledScanRequest: z
    .string()
    .max(256)
    .describe("Value of the annotation pawl.dev/scan-requested-at that was last answered by a full scan.")
    .exactOptional(),
  summary: Summary.describe("What all reports of the policy add up to.").exactOptional(),
  coverage: Coverage.describe("How much of the scope could be read.").exactOptional(),
  inactiveRules: listOf(InactiveRule)
    .describe("Rules that are enabled but do not run, such as for want of a permission.")
    .exactOptional(),
  adoptions: listOf(RuleAdoption)
    .describe("Rules that were adopted in the last 7 days, newest first, at most 50.")
    .exactOptional(),
  rules: listOf(RuleCount)
    .describe("Counts by rule: only rules that have violations, or had new ones.")
    .exactOptional(),
});

export type PolicyStatus = Immutable<z.infer<typeof PolicyStatus>>;
