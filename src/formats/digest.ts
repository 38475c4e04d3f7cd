import { z } from "zod";
import { Count, Day } from "../api/fields.ts";
import { Grade } from "../api/summary.ts";
import { Moment } from "./moment.ts";
import { RuleFacts, shownOf, ViolationLine } from "./violation-line.ts";

/**
 * Everything that a digest shows: counted, sorted, cut and worded in its time zone, so that formats only lay it out.
 * `docs/reports.md` explains each number. Violations that several policies find count once everywhere but in `trend`.
 */

const Percent = z.int().min(0).max(100);

const Verdict = z
  .object({
    text: z
      .string()
      .describe("One line that tells how it stands, the subject of a mail: prod-eu: 3 new, 12 fixed, grade C → B."),
    new: Count.describe("Violations that appeared in the period and are still there."),
    fixed: Count.describe("Violations that were there before the period and went in it."),
    fixedAtLeast: z.boolean().describe("Whether there may be more: changes are kept for 7 days and 200 a report."),
    open: Count.describe("Violations that are there now, new and known."),
    openNew: Count.describe("Those of them in excess of the baseline."),
    critical: Count.describe("Those of severity Critical, new and known."),
    high: Count.describe("Those of severity High, new and known."),
    medium: Count.describe("Those of severity Medium, new and known."),
    low: Count.describe("Those of severity Low, new and known."),
    gradeBefore: Grade.describe(
      "The worst policy's grade when the period began; absent if nothing is known of then.",
    ).exactOptional(),
    gradeAfter: Grade.describe(
      "The worst policy's grade now; absent where owners or sources are selected.",
    ).exactOptional(),
  })
  .readonly();

const TrendDay = z
  .object({
    date: Day.describe("The day, in UTC."),
    open: Count.describe("Violations at its end, new and known."),
    serious: Count.describe("Those of severity Critical and High."),
    resources: Count.describe("Resources judged at its end."),
    per100: z.number().min(0).describe("Open violations per 100 resources, with one decimal."),
    seriousPer100: z.number().min(0).describe("Of severity Critical and High per 100 resources, with one decimal."),
  })
  .readonly();

export type TrendDay = z.infer<typeof TrendDay>;

const PolicyTrend = z
  .object({
    policy: z.string().describe("Name of the policy."),
    days: z
      .array(TrendDay)
      .readonly()
      .describe("Its last days, at most 35, oldest first; fewer if the policy is younger."),
    gradeBefore: Grade.describe("Its grade when the period began.").exactOptional(),
    gradeAfter: Grade.describe("Its grade now.").exactOptional(),
    score: Percent.describe("Its score now.").exactOptional(),
  })
  .readonly()
  .describe("Course of one policy over the selected namespaces, whatever owners, sources or severities are selected.");

export type PolicyTrend = z.infer<typeof PolicyTrend>;

const Credit = z
  .object({
    owner: z.string().describe("The team, or unowned."),
    fixed: Count.describe("What went from its resources."),
  })
  .readonly();

const OffenderByNew = z
  .object({
    name: z.string().describe("The team or namespace."),
    new: Count.describe("What appeared in the period and is still there."),
    open: Count.describe("All that is there."),
  })
  .readonly();

const OldestCritical = z
  .object({
    name: z.string().describe("The team or namespace."),
    critical: Count.describe("Its Critical violations."),
    days: Count.describe("Full days for which the oldest of them is known."),
    oldest: ViolationLine,
  })
  .readonly();

const Offenders = z
  .object({
    by: z
      .enum(["owner", "namespace"])
      .describe("What is compared: teams, or namespaces where no resource has an owner."),
    byNew: z.array(OffenderByNew).readonly().describe("Those with most new ones, at most 5."),
    oldestCritical: z.array(OldestCritical).readonly().describe("Those with the oldest Critical violation, at most 5."),
  })
  .readonly();

const Win = z
  .object({
    source: z.string().describe("A chart or Application."),
    rule: RuleFacts.describe("What to change in it."),
    violations: Count.describe("How many go with that one change."),
    resources: Count.describe("In how many resources."),
    namespaces: Count.describe("In how many namespaces."),
  })
  .readonly()
  .describe("The one change that closes most: a rule in what many resources are deployed from.");

const Hole = z
  .object({
    kind: z.string().describe("The kind, as Kind.group."),
    reason: z.string().describe("Why it could not be read."),
    message: z.string().describe("What happened and what to do."),
    since: Moment,
    policies: z.array(z.string()).readonly().describe("In whose scope it is; sorted."),
  })
  .readonly();

const PolicyCoverage = z
  .object({
    policy: z.string().describe("Name of the policy."),
    percent: Percent.describe("Kinds read completely, in percent of those in scope.").exactOptional(),
    lastScan: Moment.describe("When the last full scan ended.").exactOptional(),
    notReady: z.string().describe("Why the policy's spec is not in force, or was never.").exactOptional(),
  })
  .readonly();

const ErringRule = z
  .object({
    rule: z.string().describe("Id of the rule."),
    resources: Count.describe("How many resources it could not judge; at least, where a report lists 100."),
    reason: z.string().describe("What it said about the first of them."),
  })
  .readonly();

const InactiveRule = z
  .object({
    rule: z.string().describe("Id of the rule."),
    reason: z.string().describe("Why it does not run."),
    policies: z.array(z.string()).readonly().describe("In which policies; sorted."),
  })
  .readonly();

const Health = z
  .object({
    coverage: z.array(PolicyCoverage).readonly(),
    holes: shownOf(Hole, "Kinds that could not be read completely."),
    unverified: shownOf(z.string(), "Kinds and rules whose evidence is incomplete somewhere."),
    erring: shownOf(ErringRule, "Rules that threw."),
    inactive: shownOf(InactiveRule, "Rules that are enabled but do not run."),
    unowned: Count.describe("Open violations of resources without an owner."),
    unownedPercent: Percent.describe("The same in percent of all open ones, rounded down."),
    unlisted: Count.describe(
      "Violations that reports only count, beyond 200 of one resource. They are in no list here.",
    ),
    missingParts: Count.describe("Parts of reports that were not there. Their violations are missing here."),
  })
  .readonly();

const RuleChange = z
  .object({
    rule: RuleFacts,
    policy: z.string().describe("The policy that switched it on or changed it, or whose scope grew."),
    violations: Count.describe("What was taken into the baseline, and is still there."),
    on: Day.describe("The last day of that, in the digest's time zone."),
  })
  .readonly();

const OwnerDebt = z
  .object({
    owner: z.string().describe("The team, or unowned."),
    open: Count,
    critical: Count,
    high: Count,
    medium: Count,
    low: Count,
    resources: Count.describe("Resources with violations."),
  })
  .readonly();

const BaselineReport = z
  .object({
    takenAt: Moment.describe("When the oldest baseline was taken.").exactOptional(),
    debt: shownOf(OwnerDebt, "Teams with debt."),
    worst: shownOf(
      z
        .object({
          namespace: z.string().describe("Its namespace; absent for resources without one.").exactOptional(),
          ref: z.string().describe("The resource."),
          owner: z.string().describe("The team, or unowned."),
          critical: Count,
          high: Count,
          open: Count,
        })
        .readonly(),
      "Resources with violations.",
    ),
    next: z.array(z.string()).readonly().describe("What comes next, a sentence each."),
  })
  .readonly()
  .describe("Only in the report of the baseline: what was found at the start.");

const Scope = z
  .object({
    policies: z.array(z.string()).readonly().describe("Policies that were looked at; sorted."),
    namespaces: Count.describe("Namespaces with a report."),
    resources: Count.describe("Resources judged: of overlapping policies, the largest number of each namespace."),
    filter: z.array(z.string()).readonly().describe("What was selected, a phrase each; empty: everything."),
  })
  .readonly();

const digestFields = {
  kind: z.enum(["digest", "baseline"]).describe("A digest of a period, or the one report of the baseline."),
  cluster: z.string().describe("Name of the cluster."),
  period: z
    .object({
      since: Moment.describe("Its begin; belongs to it."),
      until: Moment.describe("Its end; does not belong to it."),
      timeZone: z.string().describe("IANA name of the time zone of all texts."),
      text: z.string().describe("The period in words."),
    })
    .readonly(),
  madeAt: Moment.describe("When the reports were read. What is open is open then."),
  verdict: Verdict,
  scope: Scope,
  trend: z.array(PolicyTrend).readonly().describe("One for each policy; sorted by name."),
  new: shownOf(ViolationLine, "New in the period and still there."),
  fixed: z
    .object({
      total: Count,
      credit: shownOf(Credit, "Teams that fixed something."),
      unattributed: Count.describe("Fixed longer ago than changes are kept, so that nobody can be named."),
    })
    .readonly(),
  passed: Count.describe("Violations that came and went within the period; neither new nor fixed."),
  offenders: Offenders,
  win: Win.exactOptional(),
  health: Health,
  ruleChanges: shownOf(RuleChange, "Rules and policies of which something was adopted in the period."),
  changesDropped: Count.describe("Changes that reports left out because there were more than 200 in 7 days."),
  overflow: Count.describe("Immediate messages that the limit per hour held back since the last digest."),
  late: Moment.describe("When it was due, if it could not be sent then.").exactOptional(),
  baseline: BaselineReport.exactOptional(),
  footer: z
    .object({
      pointer: z.string().describe("The command that lists everything."),
      mute: z.string().describe("How to get fewer or none of these; absent where nobody subscribed.").exactOptional(),
    })
    .readonly(),
};

export const Digest = z.object(digestFields).readonly();

export type Digest = z.infer<typeof Digest>;

/** The version of the JSON shape. A field may be added; one that changes or goes makes a new version. */
export const digestVersion = "digest/v1";

/** A digest as JSON: `pawl report -o json`, and part of what a webhook gets. */
export const DigestDocument = z
  .object({ version: z.literal(digestVersion).describe("Version of this shape."), ...digestFields })
  .readonly()
  .describe("A digest: what changed in a period, and how the cluster stands.");

export type DigestDocument = z.infer<typeof DigestDocument>;
