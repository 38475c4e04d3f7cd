import type { CompiledPolicy, CompiledRule } from "./compiled-policy.ts";
import type { Inventory } from "./inventory.ts";
import type { InventorySubject, Judged } from "./judged.ts";
import { readKinds } from "./kind-scope.ts";
import { type KindName, resourceRef } from "./resource.ts";
import { InventoryRuns, mergeSets, sorted } from "./run-rule.ts";
import type { Problem, Violation } from "./violation.ts";

/** What the `inventory` rules of one policy found in one ledger. */
export interface InventoryVerdict {
  /** Only objects with violations; sorted by rule, path and value class. */
  readonly violations: ReadonlyMap<Judged, readonly Violation[]>;
  readonly problems: readonly Problem[];
  /** Rules that were not run, with the first kind that is incomplete. */
  readonly unverified: ReadonlyMap<string, KindName>;
}

/**
 * Judges what `evaluateResource` collected against the inventory.
 * @param judged the objects of one ledger
 * @param isComplete whether everything there is of a kind is in the inventory; a rule that reads another is silent
 */
export function evaluateInventory(
  policy: CompiledPolicy,
  judged: Iterable<Judged>,
  inventory: Inventory,
  isComplete: (kind: KindName) => boolean,
): InventoryVerdict {
  const unverified = unverifiedRules(policy, isComplete);
  const violations = new Map<Judged, readonly Violation[]>();
  const problems: Problem[] = [];
  const rules = new Map(policy.rules.map((compiled) => [compiled.id, compiled]));
  const runs = new InventoryRuns(inventory, { release: policy.release });
  for (const one of judged) {
    const subjects = one.verdicts.get(policy.verdictKey)?.subjects ?? none;
    if (subjects.length === 0) continue;
    let found: readonly Violation[] = none;
    for (const [rule, ofRule] of byRule(subjects)) {
      const compiled = rules.get(rule);
      if (compiled === undefined || unverified.has(rule)) continue;
      const outcome = judgeSubjects(one, compiled, ofRule, runs);
      if (typeof outcome === "string") problems.push({ rule, resource: resourceRef(one.id), reason: outcome });
      else found = found.length === 0 ? outcome : [...found, ...outcome];
    }
    if (found.length > 0) violations.set(one, sorted(found));
  }
  return { violations, problems, unverified };
}

function byRule(subjects: readonly InventorySubject[]): Iterable<readonly [string, readonly InventorySubject[]]> {
  const [only] = subjects;
  // Often the only one, and nearly every object has one.
  return only !== undefined && subjects.length === 1
    ? [[only.rule, subjects]]
    : Map.groupBy(subjects, ({ rule }) => rule);
}

function unverifiedRules(
  policy: CompiledPolicy,
  isComplete: (kind: KindName) => boolean,
): ReadonlyMap<string, KindName> {
  const unverified = new Map<string, KindName>();
  for (const { id, rule } of policy.rules) {
    if (rule.scope !== "inventory") continue;
    const missing = readKinds(rule.reads).find((kind) => !isComplete(kind));
    if (missing !== undefined) unverified.set(id, missing);
  }
  return unverified;
}

/** The violations, or why the rule could not judge. */
function judgeSubjects(
  judged: Judged,
  compiled: CompiledRule,
  subjects: readonly InventorySubject[],
  runs: InventoryRuns,
): readonly Violation[] | string {
  if (compiled.rule.scope !== "inventory") return none;
  const perSet: (readonly Violation[])[] = [];
  for (const { set: index, subject } of subjects) {
    const set = compiled.sets[index];
    if (set === undefined) continue;
    const of = { id: judged.id, subject, covers: judged.role === "ephemeral" ? coversEphemeral : coversAll };
    const outcome = runs.run(compiled.rule, set, of, compiled.severity);
    if (!outcome.ok) return outcome.reason;
    if (outcome.found.length > 0) perSet.push(outcome.found);
  }
  return perSet.length === 0 ? none : mergeSets(perSet);
}

const none: readonly never[] = [];

const coversAll = () => true;

/** Of a folded Pod only the ephemeral containers are judged. */
const coversEphemeral = (path: string) => path.startsWith("ephemeralContainers[");
