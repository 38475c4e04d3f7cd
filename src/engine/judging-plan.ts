import type { Severity } from "../api/severity.ts";
import type { CompiledPolicy, CompiledRule } from "./compiled-policy.ts";
import { formatRelease } from "./release.ts";
import type { KindName } from "./resource.ts";
import type { Rule } from "./rule.ts";
import { type RuleRun, ruleRun } from "./run-rule.ts";
import type { ResourceView } from "./views/resource-view.ts";

/** What some policies ask of the objects of one kind. */
export interface KindPlan {
  /** Those that judge the kind, in the order given. */
  readonly policies: readonly PlannedPolicy[];
  /** Whether a rule of any of them reads facts of the kind. */
  readonly isRead: boolean;
}

/** What one policy asks of the objects of one kind. */
export interface PlannedPolicy {
  readonly policy: CompiledPolicy;
  /** The rules that look at this object; sorted by id. */
  rulesFor(view: ResourceView): readonly PlannedRule[];
}

export interface PlannedRule {
  readonly id: string;
  readonly rule: Rule;
  readonly severity: Severity;
  /** One for each set of parameters. */
  readonly runs: readonly RuleRun[];
}

/** What some policies ask, looked up once for each kind: a cluster has few kinds, and many thousand objects of each. */
export class JudgingPlan {
  readonly #policies: readonly CompiledPolicy[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #kinds = new Map<KindName, KindPlan>();

  constructor(policies: readonly CompiledPolicy[]) {
    this.#policies = policies;
    this.#slots = sharedSlots(policies);
  }

  of(kind: KindName): KindPlan {
    let plan = this.#kinds.get(kind);
    if (plan === undefined) {
      plan = {
        policies: this.#policies.filter((policy) => policy.judges(kind)).map((policy) => this.#plan(policy, kind)),
        isRead: this.#policies.some(({ reads }) => reads.includes(kind)),
      };
      this.#kinds.set(kind, plan);
    }
    return plan;
  }

  #plan(policy: CompiledPolicy, kind: KindName): PlannedPolicy {
    const planned = policy.rulesFor(kind).map((compiled) => this.#planRule(compiled, policy));
    const seen = (live: boolean, longRunning: boolean) =>
      planned.filter(({ rule }) => !(rule.manifestsOnly && live) && (rule.kinds !== "longRunning" || longRunning));
    const forever = { live: seen(true, true), manifest: seen(false, true) };
    const finite = { live: seen(true, false), manifest: seen(false, false) };
    return {
      policy,
      rulesFor(view) {
        const rules = view.isLongRunning ? forever : finite;
        return view.live ? rules.live : rules.manifest;
      },
    };
  }

  #planRule({ id, rule, severity, sets }: CompiledRule, { release }: CompiledPolicy): PlannedRule {
    const context = { release };
    const of = formatRelease(release);
    return {
      id,
      rule,
      severity,
      runs: sets.map((set) => ruleRun(rule, set, context, { severity, slot: this.#slots.get(`${of} ${set.key}`) })),
    };
  }
}

/** Numbers what several policies ask alike: by release and the key of the parameters. */
function sharedSlots(policies: readonly CompiledPolicy[]): ReadonlyMap<string, number> {
  const asked = policies.flatMap(({ release, rules }) =>
    rules.flatMap(({ sets }) => sets.map(({ key }) => `${formatRelease(release)} ${key}`)),
  );
  const shared = new Set(asked.filter((key, at) => asked.indexOf(key) !== at));
  return new Map([...shared].map((key, slot) => [key, slot]));
}

const plans = new WeakMap<readonly CompiledPolicy[], JudgingPlan>();

/** Remembered for as long as somebody holds this very list: whoever judges many objects hands in the same one. */
export function planOf(policies: readonly CompiledPolicy[]): JudgingPlan {
  let plan = plans.get(policies);
  if (plan === undefined) {
    plan = new JudgingPlan(policies);
    plans.set(policies, plan);
  }
  return plan;
}
