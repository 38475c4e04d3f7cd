import type { Condition, degradedReasons, holeReasons, PolicyConditionType } from "../api/conditions.ts";
import type { PolicyStatus, RuleAdoption } from "../api/policy-status.ts";
import type { CompileProblem } from "../engine/compile-policy.ts";
import { formatInstant } from "../engine/ledger/instant.ts";
import { changesKeptMs } from "../engine/ledger/limits.ts";
import { compareText } from "../engine/ledger/order.ts";
import type { Instant } from "../engine/ledger/types.ts";
import { parseInstant } from "./instant.ts";

/** Adoptions that a status keeps. */
export const maxAdoptions = 50;

/** How much of what a policy asks for could be read; holes are what is missing. */
export interface Coverage {
  /** Fully read kinds / kinds in scope, in percent, rounded down: 100 only without holes. */
  readonly percent: number;
  readonly holes: readonly CoverageHole[];
}

export interface CoverageHole {
  readonly kind: string;
  readonly reason: keyof typeof holeReasons;
  readonly message: string;
  readonly since: Instant;
}

export type PolicySummary = NonNullable<PolicyStatus["summary"]>;

/** Everything that decides a Policy's status. What is undefined is not known yet and keeps its stored value. */
export interface PolicyFacts {
  readonly now: Instant;
  readonly generation: number;
  /** The version by which scans judge: the last one that compiled. */
  readonly inForce: NonNullable<PolicyStatus["inForce"]> | undefined;
  readonly stored: PolicyStatus | undefined;
  readonly compiled: { readonly ok: true; readonly rules: number; readonly kinds: number } | CompileFailure;
  readonly inactiveRules: readonly { readonly rule: string; readonly reason: string }[];
  readonly coverage: Coverage | undefined;
  /** Rules that threw, by how many objects; and ledgers whose last write failed. Undefined: not known yet. */
  readonly failures: { readonly rules: readonly string[]; readonly writes: readonly string[] } | undefined;
  readonly summary: PolicySummary | undefined;
  readonly rules: readonly RuleCount[] | undefined;
  /** Ids of the rules in force: the only ones of which past finds are worth knowing. */
  readonly rulesInForce: readonly string[];
  readonly baselineTakenAt: Instant | undefined;
  readonly lastScanTime: Instant | undefined;
  /** `null`: there will be none (suspended). */
  readonly nextScanTime: Instant | null | undefined;
  readonly handledScanRequest: string | undefined;
  /** Since this leader began; newest first. */
  readonly adoptions: readonly RuleAdoption[];
}

export interface CompileFailure {
  readonly ok: false;
  readonly problems: readonly CompileProblem[];
  /** Generation of the last spec that compiled, if one did. */
  readonly inForce: number | undefined;
}

export interface RuleCount {
  readonly id: string;
  readonly new: number;
  readonly known: number;
  /** When the rule last had a new violation, as far as is known; an earlier leader may have stored a later one. */
  readonly lastNewTime: Instant | undefined;
}

/** Decides the whole status of a Policy. Pure: the same facts give the same status, so an unchanged one is not written. */
export function policyStatus(facts: PolicyFacts): PolicyStatus {
  const { stored } = facts;
  const inForce = facts.inForce ?? stored?.inForce;
  const taken = facts.baselineTakenAt === undefined ? stored?.baselineTakenAt : formatInstant(facts.baselineTakenAt);
  const last = facts.lastScanTime === undefined ? stored?.lastScanTime : formatInstant(facts.lastScanTime);
  const next =
    facts.nextScanTime === null
      ? undefined
      : facts.nextScanTime === undefined
        ? stored?.nextScanTime
        : formatInstant(facts.nextScanTime);
  const handled = facts.handledScanRequest ?? stored?.lastHandledScanRequest;
  const summary = facts.summary ?? stored?.summary;
  const coverage = coverageStatus(facts.coverage, stored);
  const rules = ruleStatus(facts);
  const adoptions = adoptionStatus(facts);
  return {
    observedGeneration: facts.generation,
    conditions: [ready(facts), ...stalled(facts), ...degraded(facts)],
    ...(inForce === undefined ? {} : { inForce }),
    ...(taken === undefined ? {} : { baselineTakenAt: taken }),
    ...(last === undefined ? {} : { lastScanTime: last }),
    ...(next === undefined ? {} : { nextScanTime: next }),
    ...(handled === undefined ? {} : { lastHandledScanRequest: handled }),
    ...(summary === undefined ? {} : { summary }),
    ...(coverage === undefined ? {} : { coverage }),
    inactiveRules: [...facts.inactiveRules],
    ...(adoptions.length === 0 ? {} : { adoptions }),
    ...(rules === undefined ? {} : { rules }),
  };
}

/** Those that are stored, and those that are not yet. */
function adoptionStatus({ adoptions, stored, now }: PolicyFacts): readonly RuleAdoption[] {
  const before = stored?.adoptions ?? [];
  const fresh = adoptions.filter(({ rule, at }) => !before.some((one) => one.rule === rule && one.at === at));
  return [...fresh, ...before]
    .filter(({ at }) => now - Date.parse(at) < changesKeptMs)
    .sort((a, b) => (a.at === b.at ? compareText(a.rule, b.rule) : compareText(b.at, a.at)))
    .slice(0, maxAdoptions);
}

function coverageStatus(coverage: Coverage | undefined, stored: PolicyStatus | undefined): PolicyStatus["coverage"] {
  if (coverage === undefined) return stored?.coverage;
  return {
    percent: coverage.percent,
    holes: coverage.holes.map((hole) => ({ ...hole, since: formatInstant(hole.since) })),
  };
}

/** Rules that have violations, and those in force that had new ones: when, is remembered also after those are gone. */
function ruleStatus({ rules, rulesInForce, stored }: PolicyFacts): PolicyStatus["rules"] {
  if (rules === undefined) return stored?.rules;
  const counts = new Map(rules.map((rule) => [rule.id, rule]));
  const before = new Map((stored?.rules ?? []).map((rule) => [rule.id, rule.lastNewTime]));
  return [...new Set([...counts.keys(), ...before.keys()])].sort().flatMap((id) => {
    const { new: fresh, known, lastNewTime } = counts.get(id) ?? { new: 0, known: 0, lastNewTime: undefined };
    const finds = [lastNewTime, parseInstant(before.get(id))].filter((at) => at !== undefined);
    if (fresh === 0 && known === 0 && (finds.length === 0 || !rulesInForce.includes(id))) return [];
    const last = finds.length === 0 ? {} : { lastNewTime: formatInstant(Math.max(...finds)) };
    return [{ id, new: fresh, known, ...last }];
  });
}

function ready(facts: PolicyFacts): Condition {
  const { compiled } = facts;
  if (compiled.ok)
    return condition(
      facts,
      "Ready",
      "True",
      "InForce",
      `${compiled.rules} rules over ${compiled.kinds} kinds are in force`,
    );
  const standing =
    compiled.inForce === undefined ? "nothing is judged by it" : `generation ${compiled.inForce} stays in force`;
  return condition(facts, "Ready", "False", reasonOf(compiled), `${problemList(compiled.problems)}; ${standing}`);
}

function stalled(facts: PolicyFacts): readonly Condition[] {
  const { compiled } = facts;
  return compiled.ok
    ? []
    : [condition(facts, "Stalled", "True", reasonOf(compiled), `${problemList(compiled.problems)}; edit the policy`)];
}

function reasonOf(failure: CompileFailure): string {
  return failure.problems[0]?.reason ?? "InvalidSpec";
}

function degraded(facts: PolicyFacts): readonly Condition[] {
  if (facts.coverage === undefined && facts.failures === undefined) {
    const stored = facts.stored?.conditions?.find((one) => one.type === "Degraded");
    return stored === undefined ? [] : [stored];
  }
  const state = (reason: keyof typeof degradedReasons, message: string) => [
    condition(facts, "Degraded", "True", reason, message),
  ];
  const holes = facts.coverage?.holes ?? [];
  const [first] = holes;
  if (first !== undefined) {
    const kinds = holes.map((hole) => `${hole.kind} (${hole.reason})`).join(", ");
    return state("IncompleteCoverage", `${facts.coverage?.percent}% covered; not read: ${kinds}. ${first.message}`);
  }
  const { rules = [], writes = [] } = facts.failures ?? {};
  if (rules.length > 0) return state("RuleFailed", `could not judge: ${rules.join(", ")}; see problems in the reports`);
  if (writes.length > 0) return state("WriteFailed", `not up to date: ${writes.join(", ")}`);
  return [];
}

/** At most this much of a condition's message is kept: the API server accepts 32 KiB, a reader less. */
const messageLimit = 1024;

function problemList(problems: readonly CompileProblem[]): string {
  return problems.map(({ field, message }) => `${field}: ${message}`).join("; ");
}

function condition(
  facts: PolicyFacts,
  type: PolicyConditionType,
  status: Condition["status"],
  reason: string,
  message: string,
): Condition {
  const stored = facts.stored?.conditions?.find((one) => one.type === type);
  return {
    type,
    status,
    observedGeneration: facts.generation,
    lastTransitionTime: stored?.status === status ? stored.lastTransitionTime : formatInstant(facts.now),
    reason,
    message: message.length > messageLimit ? `${message.slice(0, messageLimit - 1)}…` : message,
  };
}
