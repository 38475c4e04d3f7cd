import type { Severity } from "../../api/severity.ts";
import { counted, grouped } from "../../formats/counted.ts";
import type { Digest, PolicyTrend } from "../../formats/digest.ts";
import { gapsIn, lowestCoverage } from "./gaps.ts";
import { worstGrade } from "./grade.ts";
import type { DigestRequest } from "./request.ts";
import type { Violation } from "./violation.ts";

export type Verdict = Digest["verdict"];

export interface VerdictFacts {
  readonly request: DigestRequest;
  readonly violations: readonly Violation[];
  readonly trend: readonly PolicyTrend[];
  readonly fixed: number;
  readonly fixedAtLeast: boolean;
  readonly health: Digest["health"];
  readonly namespaces: number;
  /** Policies that were looked at. */
  readonly policies: number;
}

export function verdictOf(facts: VerdictFacts): Verdict {
  const { violations, trend, fixed, fixedAtLeast } = facts;
  const sum = (of: (violation: Violation) => number) => violations.reduce((total, one) => total + of(one), 0);
  const ofSeverity = (severity: Severity) => sum((one) => (one.severity === severity ? one.count : 0));
  const before = worstGrade(trend.flatMap(({ gradeBefore }) => gradeBefore ?? []));
  const after = worstGrade(trend.flatMap(({ gradeAfter }) => gradeAfter ?? []));
  const verdict = {
    new: sum(({ freshCount }) => freshCount),
    fixed,
    fixedAtLeast,
    open: sum(({ count }) => count),
    openNew: sum(({ newCount }) => newCount),
    critical: ofSeverity("Critical"),
    high: ofSeverity("High"),
    medium: ofSeverity("Medium"),
    low: ofSeverity("Low"),
    ...(before === undefined ? {} : { gradeBefore: before }),
    ...(after === undefined ? {} : { gradeAfter: after }),
  };
  return { text: textOf(verdict, facts), ...verdict };
}

/** `prod-eu: 3 new, 12 fixed, grade C → B, 2 critical`. Never a bare 0 where something was not seen. */
function textOf(verdict: Omit<Verdict, "text">, { request, policies, namespaces, health }: VerdictFacts): string {
  const { gradeBefore, gradeAfter } = verdict;
  if (policies === 0) return `${request.cluster}: no policy was found`;
  const isChange = request.kind === "digest" && gradeBefore !== undefined && gradeBefore !== gradeAfter;
  const grade = isChange ? `grade ${gradeBefore} → ${gradeAfter}` : `grade ${gradeAfter}`;
  const parts =
    request.kind === "baseline"
      ? [`${counted(verdict.open, "violation")} in ${counted(namespaces, "namespace")} at the start`]
      : [`${grouped(verdict.new)} new`, `${verdict.fixedAtLeast ? "at least " : ""}${grouped(verdict.fixed)} fixed`];
  if (gradeAfter !== undefined) parts.push(grade);
  if (verdict.critical > 0) parts.push(`${grouped(verdict.critical)} critical`);
  return `${request.cluster}: ${[...parts, ...gaps(health)].join(", ")}`;
}

function gaps(health: Digest["health"]): string[] {
  const lowest = lowestCoverage(health);
  if (lowest < 100) return [`coverage ${lowest} %`];
  return gapsIn(health).length > 0 ? ["incomplete"] : [];
}
