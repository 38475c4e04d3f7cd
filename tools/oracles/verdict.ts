import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { evaluate } from "../../src/engine/evaluate.ts";
import { findPack, type Registry } from "../../src/engine/registry.ts";
import { formatRelease, newestRelease } from "../../src/engine/release.ts";
import { type KubeObject, kindName, type ResourceId, resourceRef } from "../../src/engine/resource.ts";
import { valueAt } from "../../src/engine/views/fields.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import type { CaseObject, OracleCase, RuleUse } from "./oracle-set.ts";
import type { PolicyShelf } from "./policies.ts";
import type { Question } from "./question.ts";

/** How our answer to one question stands to theirs. */
export type Outcome =
  | { readonly is: "agrees" }
  | { readonly is: "differs"; readonly because: string }
  | { readonly is: "crashed"; readonly because: string }
  /** No rule of ours has one of these ids. */
  | { readonly is: "noRuleYet"; readonly missing: readonly string[] };

/** Who is asked. */
export interface Asking {
  readonly registry: Registry;
  readonly shelf: PolicyShelf;
}

/** A rule threw, or does not take its parameters. */
class CrashError extends Error {
  override readonly name = "CrashError";
}

/**
 * Asks one question about the objects of a case, which are all that exists.
 * @param about one object of them, with a verdict of its own; default: the case as a whole
 */
export function answer(
  oracleCase: OracleCase,
  question: Question,
  objects: readonly KubeObject[],
  { registry, shelf }: Asking,
  about?: CaseObject,
): Outcome {
  const missing = question.rules.map(({ rule }) => rule).filter((id) => !registry.rules.has(id));
  if (missing.length > 0) return { is: "noRuleYet", missing: [...new Set(missing)] };
  try {
    const because =
      question.pack === undefined
        ? aboutRules(about ?? oracleCase, question, objects, shelf, about)
        : aboutPack(oracleCase, question.pack, question, objects, { registry, shelf });
    return because === undefined ? { is: "agrees" } : { is: "differs", because };
  } catch (error) {
    // A mistake of the harness is no crash of a rule, but neither may end the run unseen.
    return { is: "crashed", because: error instanceof Error ? error.message : String(error) };
  }
}

/** Why ours is another verdict; undefined where it is the same. */
type Difference = string | undefined;

function aboutRules(
  { expected }: Pick<OracleCase, "expected">,
  question: Question,
  objects: readonly KubeObject[],
  shelf: PolicyShelf,
  about: CaseObject | undefined,
): Difference {
  const found = run(rulePolicies(question.rules, question, objects, shelf), objects);
  if (about === undefined) return disagreement(expected, found);
  const meant = objects
    .filter((object) => isMeant(about, object))
    .flatMap((object) => viewResource(object)?.id ?? [])
    .map(keyOf);
  return disagreement(
    expected,
    found.filter(({ resource }) => meant.includes(keyOf(resource))),
  );
}

/** The whole pack, by the release of the context and pinned; what fails must break the check that it is there for. */
function aboutPack(
  { expected, check }: OracleCase,
  pack: string,
  question: Question,
  objects: readonly KubeObject[],
  { registry, shelf }: Asking,
): Difference {
  const { release, rules } = question;
  const pinned = `${pack}@${formatRelease(release)}`;
  for (const [spelling, context] of [
    [pack, release],
    [pinned, newestRelease],
  ] as const) {
    const found = run([shelf.pack(spelling, { release: context, objects })], objects);
    const difference = disagreement(expected, found);
    if (difference !== undefined) return `${spelling}: ${difference}`;
  }
  if (expected !== "fail" || rules.length === 0) return undefined;
  const members = findPack(registry, pinned, release);
  const inPack = rules.map(({ rule, params }) => ({
    rule,
    params: (members.ok ? members.rules.get(rule) : undefined) ?? params,
  }));
  const found = run(rulePolicies(inPack, question, objects, shelf), objects);
  return found.length > 0 ? undefined : `${rules.map(({ rule }) => rule).join(", ")} did not see ${check ?? "it"}`;
}

function rulePolicies(
  uses: readonly RuleUse[],
  { release }: Question,
  objects: readonly KubeObject[],
  shelf: PolicyShelf,
): readonly CompiledPolicy[] {
  return uses.flatMap(({ rule, params }) => shelf.rule(rule, { params, release, objects }) ?? []);
}

interface FoundHere {
  readonly resource: ResourceId;
  readonly rule: string;
  readonly path: string;
}

/** What policies find in objects that are the whole inventory. Throws {@link CrashError} where a rule threw. */
export function run(policies: readonly CompiledPolicy[], objects: readonly KubeObject[]): readonly FoundHere[] {
  const context = { namespaceLabels: () => new Map<string, string>() };
  const verdicts = [...evaluate({ objects, policies, context }).policies.values()];
  const problems = verdicts.flatMap((verdict) => verdict.problems);
  if (problems.length > 0)
    throw new CrashError(problems.map(({ rule, resource, reason }) => `${rule} on ${resource}: ${reason}`).join("; "));
  return verdicts.flatMap(({ violations }) =>
    violations.map(({ resource, violation: { rule, path } }) => ({ resource, rule, path })),
  );
}

function disagreement(expected: "fail" | "pass" | null, found: readonly FoundHere[]): Difference {
  if (expected === "fail" && found.length === 0) return "should fail, nothing was found";
  const [first] = found;
  if (expected !== "pass" || first === undefined) return undefined;
  const more = found.length > 1 ? ` and ${found.length - 1} more` : "";
  return `should pass, ${first.rule} found ${resourceRef(first.resource)} ${first.path}${more}`;
}

/** Whether an object is the one that a verdict names, by all that the verdict gives. */
function isMeant({ apiVersion, kind, namespace, name }: CaseObject, object: KubeObject): boolean {
  const pairs = [
    [apiVersion, object.apiVersion],
    [kind, object.kind],
    [namespace, valueAt(object, "metadata", "namespace")],
    [name, valueAt(object, "metadata", "name")],
  ];
  return pairs.every(([wanted, actual]) => wanted === undefined || wanted === actual);
}

function keyOf({ group, kind, namespace, name }: ResourceId): string {
  return [kindName(group, kind), namespace, name].join("/");
}
