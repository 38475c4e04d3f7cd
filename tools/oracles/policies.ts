import { type CompileOptions, compilePolicy } from "../../src/engine/compile-policy.ts";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { packNames } from "../../src/engine/packs.ts";
import { createRegistry, type Registry } from "../../src/engine/registry.ts";
import { newestRelease, type Release } from "../../src/engine/release.ts";
import { type KindName, type KubeObject, kindName } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";

/** What a rule runs with; every kind in `objects` is in scope of a rule for any kind. */
export interface RuleRun {
  readonly params: Readonly<Record<string, unknown>>;
  readonly release: Release;
  readonly objects: readonly KubeObject[];
}

/** A policy of one rule, for manifests. Throws where the rule does not take the parameters. */
export function ruleAlone(rule: Rule, { params, release, objects }: RuleRun, name = rule.id): CompiledPolicy {
  // A policy needs a pack: one that does not bring the rule leaves its parameters alone.
  const elsewhere = packNames.find((pack) => !Object.hasOwn(rule.packs, pack));
  const spec = {
    match: { kinds: rule.kinds === "any" ? kindsIn(objects) : [], clusterResources: "Include" },
    rules: { packs: [elsewhere], override: [{ id: rule.id, params }] },
  };
  return compiled(name, spec, createRegistry([rule]), { release, manifests: true });
}

/** A policy of one pack, `pss-baseline` or `pss-baseline@1.29`, for manifests. */
export function packAlone(pack: string, registry: Registry, { release, objects }: Omit<RuleRun, "params">) {
  const spec = { match: { kinds: kindsIn(objects), clusterResources: "Include" }, rules: { packs: [pack] } };
  return compiled(pack, spec, registry, { release, manifests: true });
}

function compiled(name: string, spec: unknown, registry: Registry, options: CompileOptions): CompiledPolicy {
  const result = compilePolicy({ metadata: { name }, spec }, registry, options);
  if (result.ok) return result.policy;
  throw new Error(result.problems.map(({ field, message }) => `${field} ${message}`).join("\n"));
}

/** Every rule as a policy of its own, as it stands without parameters. */
export function eachRuleAlone(rules: Iterable<Rule>, objects: readonly KubeObject[]): readonly CompiledPolicy[] {
  return [...rules].map((rule) => ruleAlone(rule, { params: {}, release: newestRelease, objects }));
}

/** Rules for any kind see what the policy matches; it takes no kind that begins with a small letter. */
function kindsIn(objects: readonly KubeObject[]): readonly KindName[] {
  const ids = objects.flatMap((object) => viewResource(object)?.id ?? []);
  return [...new Set(ids.map(({ group, kind }) => kindName(group, kind)))].filter((kind) => /^[A-Z]/.test(kind));
}
