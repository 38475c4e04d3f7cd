import { isEmptySelector, type LabelSelector, readLabelSelector } from "../values/label-selector.ts";
import { valueAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

/** Which Pods of its namespace a PodDisruptionBudget covers; undefined where it covers none. */
export function budgetSelector({ object, apiVersion }: ResourceView): LabelSelector | undefined {
  const selector = readLabelSelector(valueAt(object, "spec", "selector"));
  // The empty selector came to mean every Pod with policy/v1 only.
  if (selector !== undefined && isEmptySelector(selector) && apiVersion === "policy/v1beta1") return undefined;
  return selector;
}
