import type { Instant } from "../../engine/ledger/instant.ts";
import type { RuleFacts, ViolationLine } from "../../formats/violation-line.ts";
import type { Calendar } from "./moment.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Violation } from "./violation.ts";

/** How violations are shown. */
export interface Wording {
  readonly calendar: Calendar;
  readonly rules: RuleBook;
}

export function ruleFacts({ rules }: Wording, { rule, severity }: Pick<Violation, "rule" | "severity">): RuleFacts {
  const { title, helpUrl } = rules.facts(rule);
  return { id: rule, title, severity, ...(helpUrl === undefined ? {} : { helpUrl }) };
}

/** One line about a violation. */
export function lineOf(wording: Wording, violation: Violation, count: number, since: Instant): ViolationLine {
  const { namespace, ref, path, value, owner, source, policies } = violation;
  return {
    rule: ruleFacts(wording, violation),
    owner,
    ...(namespace === "" ? {} : { namespace }),
    ref,
    path,
    count,
    ...(value === undefined ? {} : { value }),
    since: wording.calendar.moment(since),
    ...(source === undefined ? {} : { source }),
    policies,
  };
}
