import { compareText } from "../../engine/ledger/order.ts";
import { isWorse } from "../../engine/score.ts";
import type { Digest } from "../../formats/digest.ts";
import { ruleFacts, type Wording } from "./lines.ts";
import type { Violation } from "./violation.ts";

/** The one change to something that several resources come from which closes most; undefined without sources. */
export function biggestWin(violations: readonly Violation[], wording: Wording): Digest["win"] {
  const groups = Map.groupBy(
    violations.filter(({ source }) => source !== undefined),
    ({ source, rule }) => `${source}\n${rule}`,
  );
  const best = [...groups.values()]
    .flatMap((group) => {
      const first = group[0];
      const resources = new Set(group.map(({ namespace, ref }) => `${namespace}\n${ref}`)).size;
      if (first?.source === undefined || resources < 2) return [];
      return [
        {
          source: first.source,
          rule: first.rule,
          severity: group.map(({ severity }) => severity).reduce((a, b) => (isWorse(b, a) ? b : a)),
          violations: group.reduce((sum, { count }) => sum + count, 0),
          resources,
          namespaces: new Set(group.map(({ namespace }) => namespace)).size,
        },
      ];
    })
    .sort(
      (a, b) =>
        b.violations - a.violations ||
        Number(isWorse(b.severity, a.severity)) - Number(isWorse(a.severity, b.severity)) ||
        compareText(a.source, b.source) ||
        compareText(a.rule, b.rule),
    )[0];
  if (best === undefined) return undefined;
  const { severity, rule, ...win } = best;
  return { ...win, rule: ruleFacts(wording, { rule, severity }) };
}
