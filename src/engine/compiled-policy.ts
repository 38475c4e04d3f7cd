import type { inactiveRuleReasons } from "../api/conditions.ts";
import type { PolicySpec } from "../api/policy.ts";
import type { Schedule } from "../api/schedule.ts";
import type { Severity } from "../api/severity.ts";
import type { Instant, LedgerPolicy, LedgerRule } from "./ledger/types.ts";
import type { Matcher } from "./match.ts";
import type { Release } from "./release.ts";
import type { KindName } from "./resource.ts";
import type { Rule } from "./rule.ts";

/** One distinct set of parameters under which a rule runs. */
export interface ParamSet {
  /** Rule id and hash of the parameters: equal in all policies that run the rule alike. */
  readonly key: string;
  /** As the rule's schema gave them, with defaults. */
  readonly params: unknown;
}

export interface CompiledRule {
  readonly id: string;
  readonly rule: Rule;
  /** At least one; sorted by key. */
  readonly sets: readonly ParamSet[];
  /** Hash of the sorted parameter sets. */
  readonly paramsHash: string;
  readonly severity: Severity;
  /** Texts of the policy in place of the rule's own. */
  readonly message?: string;
  readonly helpUrl?: string;
}

export interface InactiveRule {
  readonly rule: string;
  readonly reason: keyof typeof inactiveRuleReasons;
}

/** A policy that can judge: everything looked up, checked and filled in. A value; compiled anew when anything changes. */
export interface CompiledPolicy {
  readonly name: string;
  /** Empty where the policy comes from a file. */
  readonly uid: string;
  readonly generation: number;
  /** With every default filled in. */
  readonly spec: PolicySpec;
  /** The Kubernetes release by which it judges. */
  readonly release: Release;
  /**
   * Equal for two compiled policies exactly if they give the same verdict on every object. What was judged under
   * another key must be judged again; an edit of, say, the schedule leaves it as it is.
   */
  readonly verdictKey: string;
  /** Sorted by id; without the inactive ones. */
  readonly rules: readonly CompiledRule[];
  /** Rules that the policy enables but that cannot run here; sorted. */
  readonly inactiveRules: readonly InactiveRule[];
  readonly matcher: Matcher;
  /** What is judged: kind names and patterns (`*.argoproj.io`), sorted. */
  readonly kinds: readonly string[];
  /** Kinds whose facts the inventory rules read, judged or not; sorted. */
  readonly reads: readonly KindName[];
  /** Whether resources without a namespace are in scope. */
  readonly clusterResources: boolean;
  /** Whether a kind is in scope. */
  readonly judges: (kind: KindName) => boolean;
  /** The rules that look at objects of this kind; none if it is not in scope. */
  readonly rulesFor: (kind: KindName) => readonly CompiledRule[];
  readonly baseline: {
    readonly mode: "Ratchet" | "Off";
    readonly settleMs: number;
    readonly newNamespaces: "Empty" | "Adopt";
  };
  readonly scan: {
    readonly continuous: boolean;
    readonly schedule: Schedule;
    readonly timeZone: string;
    readonly suspend: boolean;
  };
  /** What a ledger is told about each rule; by id, sorted. */
  readonly ledgerRules: ReadonlyMap<string, LedgerRule>;
}

/** The policy as its ledgers know it. */
export function ledgerPolicy(policy: CompiledPolicy, baselineTakenAt: Instant | undefined): LedgerPolicy {
  return {
    name: policy.name,
    uid: policy.uid,
    mode: policy.baseline.mode,
    settleMs: policy.baseline.settleMs,
    newNamespaces: policy.baseline.newNamespaces,
    match: policy.spec.match,
    baselineTakenAt,
    rules: policy.ledgerRules,
  };
}
