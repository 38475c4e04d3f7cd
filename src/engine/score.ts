import { type Severity, severities } from "../api/severity.ts";
import type { Grade } from "../api/summary.ts";

/** How many resources have which severity as their worst; those without violations are in none of them. */
export type WorstCounts = Readonly<Record<Severity, number>>;

export interface Posture {
  /** 0 to 100, rounded down. */
  readonly score: number;
  readonly grade: Grade;
}

/** In hundredths, so that the sum is exact. */
const weights: Readonly<Record<Severity, number>> = { Critical: 100, High: 50, Medium: 20, Low: 5 };

const grades: readonly { readonly grade: Grade; readonly from: number }[] = [
  { grade: "A", from: 90 },
  { grade: "B", from: 75 },
  { grade: "C", from: 50 },
  { grade: "D", from: 25 },
];

/**
 * Score and grade of a set of resources; `undefined` without resources.
 * @param worst exempted violations are not counted in it
 * @param newCritical whether any violation of severity Critical is New: then the grade is D at best
 */
export function posture(resources: number, worst: WorstCounts, newCritical: boolean): Posture | undefined {
  return postureOf(resources, weightOf(worst), newCritical);
}

/** What a set of resources loses of 100 points each. */
export function weightOf(worst: WorstCounts): number {
  return severities.reduce((sum, severity) => sum + weights[severity] * worst[severity], 0);
}

/** The same as `posture`, of a weight that was added up elsewhere. */
export function postureOf(resources: number, weight: number, newCritical: boolean): Posture | undefined {
  if (resources === 0) return undefined;
  const score = Math.floor((100 * resources - weight) / resources);
  return { score, grade: gradeOf(newCritical ? Math.min(score, 49) : score) };
}

function gradeOf(score: number): Grade {
  return grades.find(({ from }) => score >= from)?.grade ?? "E";
}

/** Fully read kinds over kinds in scope, in percent, rounded down: 100 only if nothing is missing. */
export function coveragePercent(fullyRead: number, inScope: number): number {
  return inScope === 0 ? 100 : Math.floor((100 * fullyRead) / inScope);
}

/** Whether `a` is the worse of the two. */
export function isWorse(a: Severity, b: Severity): boolean {
  return severities.indexOf(a) < severities.indexOf(b);
}
