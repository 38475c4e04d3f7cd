import { fieldsAt, recordsAt, type TextMap, textAt, textMapAt, textsAt } from "../views/fields.ts";
import { printable } from "./printable.ts";

/** `matchLabels` and `matchExpressions`, as Kubernetes reads them. Without any requirement it selects everything. */
export interface LabelSelector {
  readonly labels: TextMap;
  readonly expressions: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** The labels that are matched; `fromTemplate`: Pods made from them carry more, which their controllers add. */
export interface SelectableLabels {
  readonly podLabels: TextMap | undefined;
  readonly fromTemplate: boolean;
}

/** Undefined for null and for anything that is no mapping: such a selector selects nothing. */
export function readLabelSelector(value: unknown): LabelSelector | undefined {
  const fields = fieldsAt(value);
  if (fields === undefined) return undefined;
  const expressions = recordsAt(fields, "matchExpressions").map((expression) => ({
    key: textAt(expression, "key") ?? "",
    operator: textAt(expression, "operator") ?? "",
    values: textsAt(expression, "values"),
  }));
  return { labels: textMapAt(fields, "matchLabels"), expressions };
}

/** What the API server takes a missing selector for where the field is no pointer: the empty one. */
export const everything: LabelSelector = { labels: new Map(), expressions: [] };

/** The plain map of a Service or a ReplicationController; undefined where it is empty and so selects nothing. */
export function readMapSelector(value: unknown): LabelSelector | undefined {
  const labels = textMapAt(value);
  return labels.size === 0 ? undefined : { labels, expressions: [] };
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return selector.labels.size === 0 && selector.expressions.length === 0;
}

/** As kubectl writes it: `app=checkout,tier in (api,web),!canary`. On one line and of bounded length. */
export function formatSelector({ labels, expressions }: LabelSelector): string {
  const equal = [...labels].map(([key, value]) => `${key}=${value}`);
  const others = expressions.map(({ key, operator, values }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(",")})`;
  });
  return printable([...equal, ...others].sort().join(","));
}

/** Whether the Pods described by these labels are selected; never where they are unknown. */
export function selectsPods(selector: LabelSelector | undefined, pods: SelectableLabels): boolean {
  const { podLabels, fromTemplate } = pods;
  if (selector === undefined || podLabels === undefined) return false;
  for (const [key, value] of selector.labels)
    if (podLabels.get(key) !== value && !(fromTemplate && isAdded(key, podLabels))) return false;
  for (const expression of selector.expressions) {
    const { key } = expression;
    if (!holds(expression, podLabels.get(key), fromTemplate && isAdded(key, podLabels))) return false;
  }
  return true;
}

/** Whether a controller adds a label of this key to those of the template, with a value that nobody knows beforehand. */
function isAdded(key: string, template: TextMap): boolean {
  return !template.has(key) && controllerLabels.has(key);
}

/** @param added see `isAdded` */
function holds({ operator, values }: LabelExpression, value: string | undefined, added: boolean): boolean {
  switch (operator) {
    case "In":
      return added || (value !== undefined && values.includes(value));
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return added || value !== undefined;
    case "DoesNotExist":
      return !added && value === undefined;
    default:
      return false;
  }
}

/** Labels that controllers put on the Pods they make: present on every Pod, in no template. */
const controllerLabels: ReadonlySet<string> = new Set([
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "controller-revision-hash",
  "job-name",
  "controller-uid",
  "batch.kubernetes.io/job-name",
  "batch.kubernetes.io/controller-uid",
]);
