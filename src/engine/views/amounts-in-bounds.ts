import { compareQuantities, isPositive, parseQuantity, type Quantity } from "../values/quantity.ts";
import { type Path, path } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";
import type { ResourceAmounts } from "./resource-amounts.ts";

export interface AmountRequirement {
  readonly resource: "cpu" | "memory";
  readonly field: "requests" | "limits";
  /** Reads the amount that counts: a limit, a written request, a request in force. */
  read(amounts: ResourceAmounts): Quantity | undefined;
  /** Plain init containers are asked too. */
  readonly init: boolean;
  readonly min: string | number | undefined;
  readonly max: string | number | undefined;
}

export interface AmountProblem {
  /** `pod…`: the amount of the pod level is out of bounds, and a container relies on it. */
  readonly messageId: "missing" | "zero" | "below" | "above" | "podBelow" | "podAbove";
  readonly path: Path;
  readonly value: string;
  readonly data: { readonly container: string; readonly actual: string; readonly bound: string };
}

/**
 * Where a container lacks an amount above zero and within the bounds. The pod level satisfies the requirement for all its
 * containers; where it is what fails, it is named once.
 */
export function amountProblems(pod: PodSpecView, requirement: AmountRequirement): readonly AmountProblem[] {
  const min = parseQuantity(requirement.min);
  const max = parseQuantity(requirement.max);
  const where = ["resources", requirement.field, requirement.resource] as const;
  const podAmount = positive(requirement.read(pod.resources));
  const podFault = podAmount && outOfBounds(podAmount, min, max);
  if (podAmount !== undefined && podFault === undefined) return [];
  const problems: AmountProblem[] = [];
  let reliesOnPod = false;
  for (const container of requirement.init ? pod.spec : pod.run) {
    const written = requirement.read(container.resources);
    const amount = positive(written);
    const at = () => container.at(...where);
    if (amount !== undefined) {
      const fault = outOfBounds(amount, min, max);
      if (fault !== undefined) problems.push(problem(fault.side, at(), container.name, amount.text, fault.bound.text));
    } else if (podFault !== undefined) reliesOnPod = true;
    else if (written === undefined) problems.push(problem("missing", at(), container.name, "none", ""));
    else problems.push(problem("zero", at(), container.name, written.text, ""));
  }
  if (podAmount === undefined || podFault === undefined || !reliesOnPod) return problems;
  const side = podFault.side === "below" ? "podBelow" : "podAbove";
  return [...problems, problem(side, path(...where), "", podAmount.text, podFault.bound.text)];
}

/** Whether an amount of this size satisfies the requirement. */
export function isWithinBounds(amount: Quantity, { min, max }: Pick<AmountRequirement, "min" | "max">): boolean {
  return isPositive(amount) && outOfBounds(amount, parseQuantity(min), parseQuantity(max)) === undefined;
}

function positive(quantity: Quantity | undefined): Quantity | undefined {
  return quantity !== undefined && isPositive(quantity) ? quantity : undefined;
}

function outOfBounds(amount: Quantity, min: Quantity | undefined, max: Quantity | undefined) {
  if (min !== undefined && compareQuantities(amount, min) < 0) return { side: "below", bound: min } as const;
  if (max !== undefined && compareQuantities(amount, max) > 0) return { side: "above", bound: max } as const;
  return undefined;
}

function problem(
  messageId: AmountProblem["messageId"],
  at: Path,
  container: string,
  actual: string,
  bound: string,
): AmountProblem {
  return { messageId, path: at, value: actual, data: { container, actual, bound } };
}
