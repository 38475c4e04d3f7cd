import { type CompileOptions, compilePolicy } from "../../src/engine/compile-policy.ts";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { packNames } from "../../src/engine/packs.ts";
import { createRegistry, type Registry } from "../../src/engine/registry.ts";
import { newestRelease, type Release } from "../../src/engine/release.ts";
import { type KindName, type KubeObject, kindName } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { stableJson } from "../../src/engine/values/stable-json.ts";
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

function compiled(name: string, spec: unknown, registry: Registry, options: CompileOptions): CompiledPolicy {
  const result = compilePolicy({ metadata: { name }, spec }, registry, options);
  if (result.ok) return result.policy;
  throw new Error(result.problems.map(({ field, message }) => `${field} ${message}`).join("\n"));
}

/** Policies for the same question are compiled once: thousands of cases ask the same few. */
export class PolicyShelf {
  readonly #registry: Registry;
  readonly #compiled = new Map<string, CompiledPolicy>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** The policy of a rule alone; undefined where no rule has the id. */
  rule(id: string, run: RuleRun): CompiledPolicy | undefined {
    const rule = this.#registry.rules.get(id);
    if (rule === undefined) return undefined;
    const kinds = rule.kinds === "any" ? kindsIn(run.objects) : [];
    const key = stableJson({ id, params: run.params, release: run.release, kinds });
    return this.#once(key, () => ruleAlone(rule, run, key));
  }

  /** The policy of a pack alone, for manifests: `pss-baseline` or `pss-baseline@1.29`. */
  pack(spelling: string, { release, objects }: Omit<RuleRun, "params">): CompiledPolicy {
    const spec = { match: { kinds: kindsIn(objects), clusterResources: "Include" }, rules: { packs: [spelling] } };
    const key = stableJson({ spec, release });
    return this.#once(key, () => compiled(spelling, spec, this.#registry, { release, manifests: true }));
  }

  /** Every rule as a policy of its own, as it stands without parameters. */
  all(objects: readonly KubeObject[]): readonly CompiledPolicy[] {
    const ids = [...this.#registry.rules.keys()];
    return ids.flatMap((id) => this.rule(id, { params: {}, release: newestRelease, objects }) ?? []);
  }

  #once(key: string, compile: () => CompiledPolicy): CompiledPolicy {
    const policy = this.#compiled.get(key) ?? compile();
    this.#compiled.set(key, policy);
    return policy;
  }
}

/** Rules for any kind see what the policy matches; it takes no kind that begins with a small letter. */
function kindsIn(objects: readonly KubeObject[]): readonly KindName[] {
  const ids = objects.flatMap((object) => viewResource(object)?.id ?? []);
  return [...new Set(ids.map(({ group, kind }) => kindName(group, kind)))].filter((kind) => /^[A-Z]/.test(kind));
}
