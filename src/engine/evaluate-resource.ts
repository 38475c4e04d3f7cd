import type { CompiledPolicy } from "./compiled-policy.ts";
import { type Facts, type FactsByKind, projections, workloadFacts } from "./facts/index.ts";
import { controllerOf, generateNameOf, isFolded } from "./folding.ts";
import { interning } from "./interning.ts";
import type { InventorySubject, Judged, ResourceVerdict, Trace } from "./judged.ts";
import { type KindPlan, type PlannedPolicy, type PlannedRule, planOf } from "./judging-plan.ts";
import { readKinds } from "./kind-scope.ts";
import { ledgerNamespace } from "./match.ts";
import type { OwnershipSettings } from "./ownership/ownership.ts";
import { readOwnership } from "./ownership/read-ownership.ts";
import { type KindName, type KubeObject, type ResourceId, resourceRef } from "./resource.ts";
import type { Rule } from "./rule.ts";
import { mergeSets, ResourceRuns, type RuleOutcome, saysNothing, sorted, withSeverity } from "./run-rule.ts";
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
  const plan = planOf(policies).of(own.kindName);
  const view = role === "ephemeral" ? viewResource(object, { only: "ephemeral" }) : own;
  const judging = role === "folded" || view === undefined ? nothingJudged : judge(view, role, plan, context);
  // Nothing is below a Pod, so a folded one leads nowhere.
  const leads = role !== "folded" || own.kindName !== "Pod";
  const generateName = role === "folded" ? undefined : generateNameOf(object, own.id.name);
  const ownership = role === "folded" ? undefined : readOwnership(object, own.id, controller, context.ownership);
  const facts = role === "judged" ? factsOf(own, plan) : undefined;
  const judged: { -readonly [K in keyof Judged]: Judged[K] } = {
    id: shareId(own.id),
    uid: textAt(object, "metadata", "uid") ?? "",
    resourceVersion: textAt(object, "metadata", "resourceVersion") ?? "",
    createdAt: instantOf(textAt(object, "metadata", "creationTimestamp")),
    role,
    inScope: judging.inScope,
    verdicts: judging.verdicts,
  };
  if (controller !== undefined && leads) judged.controller = controller;
  if (generateName !== undefined) judged.generateName = shareText(generateName);
  if (ownership !== undefined) judged.ownership = ownership;
  if (facts !== undefined) judged.facts = facts;
  if (judging.trace !== undefined) judged.trace = judging.trace;
  return judged;
}

const nothingJudged: Pick<Judged, "inScope" | "verdicts" | "trace"> = { inScope: [], verdicts: new Map() };

function roleOf(view: ResourceView, controller: Judged["controller"]): Judged["role"] {
  if (!isFolded(view.kindName, controller)) return "judged";
  return view.kindName === "Pod" && listAt(view.object, "spec", "ephemeralContainers").length > 0
    ? "ephemeral"
    : "folded";
}

function judge(
  view: ResourceView,
  role: Judged["role"],
  plan: KindPlan,
  context: EvaluationContext,
): Pick<Judged, "inScope" | "verdicts" | "trace"> {
  const namespace = ledgerNamespace(view.id);
  const namespaceLabels = namespace === undefined ? undefined : context.namespaceLabels(namespace);
  const runs = new ResourceRuns(view);
  const inScope: string[] = [];
  const verdicts = new Map<string, ResourceVerdict>();
  for (const planned of plan.policies) {
    const { matcher, verdictKey } = planned.policy;
    const matches = matcher.matches(view.id, view.labels, namespaceLabels);
    if (matches) inScope.push(verdictKey);
    // Ephemeral containers are in scope where their top controller is, whatever the labels of the Pod: known later.
    const placed = role === "ephemeral" && matcher.matchesPlace(view.id, namespaceLabels);
    if (!matches && !placed) continue;
    const found = verdictOf(view, planned, runs);
    if (found !== undefined) verdicts.set(verdictKey, found);
  }
  if (verdicts.size === 0) return { inScope: shareScope(inScope), verdicts: nothingJudged.verdicts };
  return { inScope: shareScope(inScope), verdicts, trace: traceOf(view) };
}

function traceOf(view: ResourceView): Trace {
  return { shape: shape(view), elements: elements(view), labels: view.labels };
}

const shareText = interning<string>((text) => text, 10_000);
const shareScope = interning<readonly string[]>((keys) => keys.join("\n"), 1_000);

/** Undefined for an object on which the policy has nothing to say. */
function verdictOf(view: ResourceView, policy: PlannedPolicy, runs: ResourceRuns): ResourceVerdict | undefined {
  let violations: Violation[] | undefined;
  let subjects: InventorySubject[] | undefined;
  let problems: Problem[] | undefined;
  for (const planned of policy.rulesFor(view)) {
    const outcomes = outcomesOf(planned, runs);
    if (outcomes === undefined) continue;
    const { id, rule, severity } = planned;
    const failure = outcomes.find((outcome) => !outcome.ok);
    if (failure !== undefined) {
      problems ??= [];
      problems.push({ rule: id, resource: resourceRef(view.id), reason: failure.reason });
      continue;
    }
    for (let set = 0; set < outcomes.length; set++) {
      const subject = subjectOf(rule, set, outcomes[set]);
      if (subject === undefined) continue;
      subjects ??= [];
      subjects.push(subject);
    }
    // The rules of a policy are sorted by themselves.
    for (const found of sorted(foundBy(outcomes))) {
      violations ??= [];
      violations.push(withSeverity(found, severity));
    }
  }
  if (violations === undefined && subjects === undefined && problems === undefined) return undefined;
  return { violations: violations ?? none, subjects: subjects ?? none, problems: problems ?? none };
}

/** A rule's outcomes, one for each set of parameters; undefined where none says anything, as nearly always. */
function outcomesOf({ runs }: PlannedRule, on: ResourceRuns): readonly RuleOutcome[] | undefined {
  const first = runs[0];
  // Nearly always the only one.
  if (first !== undefined && runs.length === 1) {
    const outcome = on.run(first);
    return saysNothing(outcome) ? undefined : [outcome];
  }
  const outcomes = runs.map((run) => on.run(run));
  return outcomes.every(saysNothing) ? undefined : outcomes;
}

/** What one rule found, over all its sets of parameters. */
function foundBy(outcomes: readonly RuleOutcome[]): readonly Violation[] {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only.ok ? only.found : none;
  return mergeSets(outcomes.map((outcome) => (outcome.ok ? outcome.found : none)));
}

const none: readonly never[] = [];

/** What an `inventory` rule took from the object under one of its sets of parameters. */
function subjectOf(rule: Rule, set: number, outcome: RuleOutcome | undefined): InventorySubject | undefined {
  if (!outcome?.ok || outcome.subject === undefined) return undefined;
  const { subject, elsewhere } = outcome;
  if (rule.scope !== "inventory" || elsewhere === undefined) return { rule: rule.id, set, subject };
  return { rule: rule.id, set, subject, elsewhere: { kinds: readKinds(rule.reads), namespaces: elsewhere } };
}

/** Facts if any policy reads the kind. */
function factsOf(view: ResourceView, { isRead }: KindPlan): Facts | undefined {
  if (!isRead) return undefined;
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
