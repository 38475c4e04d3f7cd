import type { stalledReasons } from "../api/conditions.ts";
import type { PolicyRules, RuleOverride } from "../api/policy.ts";
import type { CompiledRule, ParamSet } from "./compiled-policy.ts";
import { suggestion } from "./nearest.ts";
import type { RawParams } from "./pack-membership.ts";
import { readParams } from "./read-params.ts";
import { findPack, type Registry } from "./registry.ts";
import type { Release } from "./release.ts";
import type { Rule } from "./rule.ts";
import { hash64 } from "./values/hash.ts";
import { stableJson } from "./values/stable-json.ts";

/** One mistake in a Policy. */
export interface CompileProblem {
  /** As the API server writes it: `spec.rules.override[1].params.registries`. */
  readonly field: string;
  /** What is wrong there and what to do, to be read after the field. */
  readonly message: string;
  readonly reason: keyof typeof stalledReasons;
}

export interface SelectedRules {
  /** Sorted by id. */
  readonly rules: readonly CompiledRule[];
  readonly problems: readonly CompileProblem[];
}

/** What a policy wants of one rule. */
interface Wanted {
  readonly rule: Rule;
  /** Parameters by the field that brought them. */
  readonly sets: { readonly field: string; readonly params: RawParams }[];
  override?: { readonly field: string; readonly value: RuleOverride };
}

/** Looks up packs, `disable` and `override`, and reads the parameters of what they enable. */
export function selectRules(spec: PolicyRules, registry: Registry, release: Release): SelectedRules {
  const problems: CompileProblem[] = [];
  const wanted = new Map<string, Wanted>();
  wantPacks(spec, registry, release, wanted, problems);
  wantOverrides(spec, registry, wanted, problems);
  disable(spec, registry, wanted, problems);
  problems.push(...contradictions(wanted));
  const rules = [...wanted.values()]
    .sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1))
    .map((want) => compileRule(want, problems));
  return { rules, problems };
}

type Wants = Map<string, Wanted>;

function wantPacks(spec: PolicyRules, registry: Registry, release: Release, wanted: Wants, problems: CompileProblem[]) {
  for (const [index, spelling] of spec.packs.entries()) {
    const field = `spec.rules.packs[${index}]`;
    const pack = findPack(registry, spelling, release);
    if (!pack.ok) {
      problems.push({ field, message: pack.message, reason: pack.reason });
      continue;
    }
    for (const [id, params] of pack.rules) {
      const rule = registry.rules.get(id);
      if (rule === undefined) continue;
      const want = wanted.get(id) ?? { rule, sets: [] };
      want.sets.push({ field, params });
      wanted.set(id, want);
    }
  }
}

/** An override enables its rule: some are in no pack because they ask nothing without parameters. */
function wantOverrides(spec: PolicyRules, registry: Registry, wanted: Wants, problems: CompileProblem[]) {
  for (const [index, value] of (spec.override ?? []).entries()) {
    const field = `spec.rules.override[${index}]`;
    const rule = registry.rules.get(value.id);
    if (rule === undefined) {
      problems.push(unknownRule(`${field}.id`, value.id, registry));
      continue;
    }
    const want = wanted.get(value.id) ?? { rule, sets: [{ field, params: {} }] };
    want.override = { field, value };
    wanted.set(value.id, want);
  }
}

function disable(spec: PolicyRules, registry: Registry, wanted: Wants, problems: CompileProblem[]) {
  for (const [index, id] of (spec.disable ?? []).entries()) {
    if (!registry.rules.has(id)) problems.push(unknownRule(`spec.rules.disable[${index}]`, id, registry));
    wanted.delete(id);
  }
}

function unknownRule(field: string, id: string, registry: Registry): CompileProblem {
  const message = `no rule is called ${JSON.stringify(id)}${suggestion(id, registry.rules.keys())}`;
  return { field, message, reason: "UnknownRule" };
}

/** Each pair once, whichever of the two names the other. */
function contradictions(wanted: Wants): CompileProblem[] {
  const found = new Map<string, CompileProblem>();
  for (const { rule } of wanted.values()) {
    for (const other of rule.conflictsWith ?? []) {
      const [one, two] = [rule.id, other].sort().map((id) => wanted.get(id));
      if (one === undefined || two === undefined) continue;
      const message = `${origin(one)} and ${origin(two)} contradict each other: name one of them in spec.rules.disable`;
      const pair = `${one.rule.id} ${two.rule.id}`;
      found.set(pair, { field: "spec.rules", message, reason: "ContradictoryRules" });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}

function origin({ rule, sets }: Wanted): string {
  return `${rule.id} (from ${[...new Set(sets.map(({ field }) => field))].join(", ")})`;
}

function compileRule({ rule, sets, override }: Wanted, problems: CompileProblem[]): CompiledRule {
  const distinct = new Map<string, ParamSet>();
  for (const { field, params } of sets) {
    const at = override === undefined ? field : `${override.field}.params`;
    const written = { ...params, ...override?.value.params };
    const read = readParams(rule.params, written, at);
    if (!read.ok) {
      for (const { path, message } of read.problems)
        addOnce(problems, { field: path, message, reason: "InvalidParams" });
      continue;
    }
    // What is written, not what the schema makes of it: a parameter added to the rule later must not change the hash.
    const key = `${rule.id}#${hash64(stableJson(written))}`;
    distinct.set(key, { key, params: read.params });
  }
  const compiled = [...distinct.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { message, helpUrl, severity } = override?.value ?? {};
  return {
    id: rule.id,
    rule,
    sets: compiled,
    paramsHash: hash64(compiled.map(({ key }) => key).join("\n")),
    severity: severity ?? rule.severity,
    ...(message === undefined ? {} : { message }),
    ...(helpUrl === undefined ? {} : { helpUrl }),
  };
}

function addOnce(problems: CompileProblem[], problem: CompileProblem) {
  if (!problems.some((one) => one.field === problem.field && one.message === problem.message)) problems.push(problem);
}
