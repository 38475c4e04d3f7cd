import type { ResourceId } from "../resource.ts";
import type { LabelSelector } from "../values/label-selector.ts";
import { budgetSelector } from "../views/disruption-budget.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface DisruptionBudgetFacts {
  readonly id: ResourceId;
  /** Undefined where it selects no Pod. */
  readonly selector: LabelSelector | undefined;
}

export function disruptionBudgetFacts(view: ResourceView): DisruptionBudgetFacts {
  return { id: view.id, selector: budgetSelector(view) };
}
