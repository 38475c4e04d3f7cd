import { isWorse } from "../../engine/score.ts";
import type { ReportedChange } from "./happening.ts";

/** What a series of changes of one violation comes to. */
export interface Effect {
  readonly what: "added" | "fixed";
  /** The last change, with the highest severity and the number of times that the violation came or went. */
  readonly change: ReportedChange;
  /** The policies that find it; sorted. */
  readonly policies: readonly string[];
}

/**
 * What these changes come to, one violation each: what came and went again, or went and is back, has no effect, and what became
 * Known was not fixed. In the order of their last change.
 */
export function effectsOf(changes: readonly ReportedChange[]): readonly Effect[] {
  const ordered = changes.toSorted((a, b) => a.at - b.at);
  return [...Map.groupBy(ordered, placeOf).values()]
    .flatMap((list) => effectOf(list) ?? [])
    .sort((a, b) => a.change.at - b.change.at || (a.change.id < b.change.id ? -1 : 1));
}

function placeOf({ namespace, ref, rule, path, class: valueClass = "" }: ReportedChange): string {
  return JSON.stringify([namespace, ref, rule, path, valueClass]);
}

/** @param list of one violation, oldest first */
function effectOf(list: readonly ReportedChange[]): Effect | undefined {
  const byPolicy = [...Map.groupBy(list, ({ policy }) => policy)].map(([policy, own]) => ({ policy, ...balance(own) }));
  const added = Math.max(...byPolicy.map((one) => one.added));
  const fixed = Math.max(...byPolicy.map((one) => one.fixed));
  const last = list.at(-1);
  const count = added > 0 ? added : fixed;
  if (last === undefined || count === 0) return undefined;
  const severity = list.reduce((worst, { severity: one }) => (isWorse(one, worst) ? one : worst), last.severity);
  const what = added > 0 ? "added" : "fixed";
  const policies = byPolicy.filter((one) => one[what] > 0).map(({ policy }) => policy);
  return { what, change: { ...last, severity, count }, policies: policies.sort() };
}

/** What the changes in one policy's report come to. */
function balance(list: readonly ReportedChange[]): { readonly added: number; readonly fixed: number } {
  const sum = (to: ReportedChange["to"]) => list.reduce((all, one) => all + (one.to === to ? one.count : 0), 0);
  const came = sum("New");
  const accepted = sum("Known");
  const left = sum("Gone");
  const last = list.at(-1);
  const isThere = last?.isThere ?? (last?.to === "New" || last?.to === "Known");
  // One that is fixed and comes back within `settle` leaves no second change: only the row tells.
  const settled = isThere ? 0 : sum("Fixed");
  return {
    added: Math.max(0, came - accepted - left),
    fixed: Math.max(0, left - Math.max(0, came - accepted)) + settled,
  };
}
