import type { ResourceId } from "../resource.ts";
import { everything, isEmptySelector, type LabelSelector, readLabelSelector } from "../values/label-selector.ts";
import { type Fields, fieldsAt, listAt, recordsAt, valueAt } from "../views/fields.ts";
import { type Direction, directions, isolatedDirections, ruleField } from "../views/network-policy.ts";
import type { ResourceView } from "../views/resource-view.ts";

/** A NetworkPolicy or a policy of Cilium, of one namespace or of the whole cluster. */
export interface NetworkPolicyFacts {
  readonly id: ResourceId;
  /** One for a NetworkPolicy; a policy of Cilium holds any number, and those for nodes are none. */
  readonly isolations: readonly Isolation[];
}

/** Pods whose traffic is closed but for what rules let through. */
export interface Isolation {
  readonly selector: LabelSelector;
  readonly directions: readonly Direction[];
  /** Directions in which nothing is let through. */
  readonly closed: readonly Direction[];
}

/** Whether an isolation is meant for every Pod. */
export function isForAllPods({ selector }: Isolation): boolean {
  return isEmptySelector(selector);
}

export function networkPolicyFacts(view: ResourceView): NetworkPolicyFacts {
  const selector = readLabelSelector(valueAt(view.object, "spec", "podSelector")) ?? everything;
  const isolated = isolatedDirections(view);
  const closed = isolated.filter((direction) => listAt(view.object, "spec", ruleField[direction]).length === 0);
  return { id: view.id, isolations: [{ selector, directions: isolated, closed }] };
}

export function ciliumPolicyFacts(view: ResourceView): NetworkPolicyFacts {
  const specs = [fieldsAt(view.object, "spec"), ...recordsAt(view.object, "specs")];
  return { id: view.id, isolations: specs.flatMap((spec) => ciliumIsolation(spec) ?? []) };
}

function ciliumIsolation(spec: Fields | undefined): Isolation | undefined {
  const selector = readLabelSelector(valueAt(spec, "endpointSelector"));
  if (selector === undefined) return undefined;
  const isolated = directions.filter((direction) =>
    [ruleField[direction], `${ruleField[direction]}Deny`].some((field) => listAt(spec, field).length > 0),
  );
  const closed = isolated.filter((direction) => recordsAt(spec, ruleField[direction]).every(allowsNothing));
  return { selector: withoutSources(selector), directions: isolated, closed };
}

/** What Cilium calls default deny is a rule without any content. */
function allowsNothing(rule: Fields): boolean {
  return Object.keys(rule).every((field) => valueAt(rule, field) === undefined);
}

/** Cilium writes before a key where the label comes from: `k8s:app`, `any:app`. */
function withoutSources({ labels, expressions }: LabelSelector): LabelSelector {
  return {
    labels: new Map([...labels].map(([key, value]) => [withoutSource(key), value])),
    expressions: expressions.map((expression) => ({ ...expression, key: withoutSource(expression.key) })),
  };
}

function withoutSource(key: string): string {
  return key.replace(/^(?:k8s|any):/, "");
}
