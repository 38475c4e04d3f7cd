import type { CompiledPolicy, CompiledRule, ParamSet } from "./compiled-policy.ts";
import { type Facts, type FactsByKind, projections, workloadFacts } from "./facts/index.ts";
import { controllerOf, generateNameOf, isFolded } from "./folding.ts";
import { interning } from "./interning.ts";
import type { InventorySubject, Judged, ResourceVerdict, Trace } from "./judged.ts";
import { readKinds } from "./kind-scope.ts";
import { ledgerNamespace } from "./match.ts";
import type { OwnershipSettings } from "./ownership/ownership.ts";
import { readOwnership } from "./ownership/read-ownership.ts";
import { formatRelease } from "./release.ts";
import { type KindName, type KubeObject, type ResourceId, resourceRef } from "./resource.ts";
import type { Rule } from "./rule.ts";
import { compareViolations, mergeSets, ResourceRuns, type RuleOutcome, saysNothing } from "./run-rule.ts";
import { elements } from "./views/elements.ts";
import { listAt, type TextMap, textAt } from "./views/fields.ts";
import { type ResourceView, viewResource } from "./views/resource-view.ts";
import { shape } from "./views/shape.ts";
import type { Problem, Violation } from "./violation.ts";

/** What evaluation must be told beside the object. */
export interface EvaluationContext {
  /** Labels of a namespace; undefined if it is not known, and then no policy that selects by them judges in it. */
  namespaceLabels(namespace: string): TextMap | undefined;
  /** Default: as the operator's settings default to. */
  readonly ownership?: OwnershipSettings;
}

/**
 * Judges one object by all policies in one go; what is returned does not hold on to the object.
 * Undefined for an object that does not say what it is: `whyUnusable` of `views/resource-view.ts` says why.
 */
export function evaluateResource(
  object: KubeObject,
  policies: readonly CompiledPolicy[],
  context: EvaluationContext,
): Judged | undefined {
  const own = viewResource(object);
  if (own === undefined) return undefined;
  const controller = controllerOf(object);
  const role = roleOf(own, controller);
  const view = role === "ephemeral" ? viewResource(object, { only: "ephemeral" }) : own;
  const judging = role === "folded" || view === undefined ? undefined : judge(view, role, policies, context);
  // Nothing is below a Pod, so a folded one leads nowhere.
  const leads = role !== "folded" || own.kindName !== "Pod";
  const generateName = role === "folded" ? undefined : generateNameOf(object, own.id.name);
  const ownership = role === "folded" ? undefined : readOwnership(object, own.id, controller, context.ownership);
  const facts = role === "judged" ? factsOf(own, policies) : undefined;
  return {
    id: shareId(own.id),
    uid: textAt(object, "metadata", "uid") ?? "",
    resourceVersion: textAt(object, "metadata", "resourceVersion") ?? "",
    createdAt: instantOf(textAt(object, "metadata", "creationTimestamp")),
    role,
    ...(controller === undefined || !leads ? {} : { controller }),
    ...(generateName === undefined ? {} : { generateName: shareText(generateName) }),
    ...(ownership === undefined ? {} : { ownership }),
    ...(facts === undefined ? {} : { facts }),
    ...(judging ?? nothingJudged),
  };
}

const nothingJudged: Pick<Judged, "inScope" | "verdicts"> = { inScope: [], verdicts: new Map() };

function roleOf(view: ResourceView, controller: Judged["controller"]): Judged["role"] {
  if (!isFolded(view.kindName, controller)) return "judged";
  return view.kindName === "Pod" && listAt(view.object, "spec", "ephemeralContainers").length > 0
    ? "ephemeral"
    : "folded";
}

function judge(
  view: ResourceView,
  role: Judged["role"],
  policies: readonly CompiledPolicy[],
  context: EvaluationContext,
): Pick<Judged, "inScope" | "verdicts" | "trace"> {
  const namespace = ledgerNamespace(view.id);
  const namespaceLabels = namespace === undefined ? undefined : context.namespaceLabels(namespace);
  const runs = new ResourceRuns(view);
  const outcomes: Outcomes | undefined = policies.length > 1 ? new Map() : undefined;
  const inScope: string[] = [];
  const verdicts = new Map<string, ResourceVerdict>();
  for (const policy of policies) {
    if (!policy.judges(view.kindName)) continue;
    const matches = policy.matcher.matches(view.id, view.labels, namespaceLabels);
    if (matches) inScope.push(policy.verdictKey);
    // Ephemeral containers are in scope where their top controller is, whatever the labels of the Pod: known later.
    const placed = role === "ephemeral" && policy.matcher.matchesPlace(view.id, namespaceLabels);
    if (!matches && !placed) continue;
    const found = verdictOf(view, policy, runner(policy, runs, outcomes));
    if (found !== undefined) verdicts.set(policy.verdictKey, found);
  }
  if (verdicts.size === 0) return { inScope: shareScope(inScope), verdicts: nothingJudged.verdicts };
  return { inScope: shareScope(inScope), verdicts, trace: traceOf(view) };
}

function traceOf(view: ResourceView): Trace {
  return { shape: shape(view), elements: elements(view), labels: view.labels };
}

const shareText = interning<string>((text) => text, 10_000);
const shareScope = interning<readonly string[]>((keys) => keys.join("\n"), 1_000);

/** Outcomes by release and the key of the parameters: policies overlap, and what several ask alike is run once. */
type Outcomes = Map<string, Map<string, RuleOutcome>>;

/** Undefined for an object on which the policy has nothing to say. */
function verdictOf(view: ResourceView, policy: CompiledPolicy, run: Run): ResourceVerdict | undefined {
  let violations: Violation[] | undefined;
  let subjects: InventorySubject[] | undefined;
  let problems: Problem[] | undefined;
  for (const compiled of policy.rulesFor(view.kindName)) {
    const { id, rule, severity } = compiled;
    if (rule.manifestsOnly && view.live) continue;
    if (rule.kinds === "longRunning" && !view.isLongRunning) continue;
    const outcomes = outcomesOf(compiled, run);
    if (outcomes === undefined) continue;
    const failure = outcomes.find((outcome) => !outcome.ok);
    if (failure !== undefined) {
      problems ??= [];
      problems.push({ rule: id, resource: resourceRef(view.id), reason: failure.reason });
      continue;
    }
    for (const [index, outcome] of outcomes.entries()) {
      if (!outcome.ok || outcome.subject === undefined) continue;
      subjects ??= [];
      subjects.push({ rule: id, set: index, subject: outcome.subject, ...elsewhereOf(rule, outcome) });
    }
    for (const found of mergeSets(outcomes.map((outcome) => (outcome.ok ? outcome.found : none)))) {
      violations ??= [];
      violations.push({ ...found, path: shareText(found.path), severity });
    }
  }
  if (violations === undefined && subjects === undefined && problems === undefined) return undefined;
  return {
    violations: violations?.sort(compareViolations) ?? none,
    subjects: subjects ?? none,
    problems: problems ?? none,
  };
}

type Run = (rule: Rule, set: ParamSet) => RuleOutcome;

function runner({ release }: CompiledPolicy, runs: ResourceRuns, outcomes: Outcomes | undefined): Run {
  const context = { release };
  if (outcomes === undefined) return (rule, set) => runs.run(rule, set, context);
  const key = formatRelease(release);
  const done = outcomes.get(key) ?? new Map<string, RuleOutcome>();
  outcomes.set(key, done);
  return (rule, set) => {
    let outcome = done.get(set.key);
    if (outcome === undefined) {
      outcome = runs.run(rule, set, context);
      done.set(set.key, outcome);
    }
    return outcome;
  };
}

/** A rule's outcomes, one for each set of parameters; undefined where none says anything, as nearly always. */
function outcomesOf({ rule, sets }: CompiledRule, run: Run): readonly RuleOutcome[] | undefined {
  const [first] = sets;
  // Nearly always the only one.
  if (first !== undefined && sets.length === 1) {
    const outcome = run(rule, first);
    return saysNothing(outcome) ? undefined : [outcome];
  }
  const outcomes = sets.map((set) => run(rule, set));
  return outcomes.every(saysNothing) ? undefined : outcomes;
}

const none: readonly never[] = [];

function elsewhereOf(rule: Rule, outcome: Extract<RuleOutcome, { ok: true }>): Pick<InventorySubject, "elsewhere"> {
  if (rule.scope !== "inventory" || outcome.elsewhere === undefined) return {};
  return { elsewhere: { kinds: readKinds(rule.reads), namespaces: outcome.elsewhere } };
}

/** Facts if any policy reads the kind. */
function factsOf(view: ResourceView, policies: readonly CompiledPolicy[]): Facts | undefined {
  if (!policies.some(({ reads }) => reads.includes(view.kindName))) return undefined;
  if (view.isWorkload) return workloadFacts(view);
  return isProjected(view.kindName) ? projections[view.kindName](view) : undefined;
}

function isProjected(kind: KindName): kind is keyof FactsByKind {
  return Object.hasOwn(projections, kind);
}

function instantOf(timestamp: string | undefined): number {
  const instant = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(instant) ? 0 : instant;
}

/** A copy that shares its texts: the one of the view came with the object. */
function shareId({ group, kind, namespace, name }: ResourceId): ResourceId {
  return { group: shareText(group), kind: shareText(kind), namespace: shareText(namespace), name };
}
