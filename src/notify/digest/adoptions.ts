import type { Instant } from "../../engine/ledger/instant.ts";
import { compareText } from "../../engine/ledger/order.ts";
import type { Digest } from "../../formats/digest.ts";
import { ruleFacts, type Wording } from "./lines.ts";

const shown = 10;

/** What of one rule was taken into one policy's baseline after that was first taken. */
interface Adoption {
  readonly policy: string;
  readonly rule: string;
  violations: number;
  last: Instant;
}

/**
 * Rules that found something which was taken for known: rows that are younger than their baseline, were never New and did not move. They
 * are new in a policy, changed, or judge what an edit brought into scope.
 */
export class AdoptionBook {
  readonly #adoptions = new Map<string, Adoption>();

  add(policy: string, rule: string, count: number, at: Instant): void {
    const key = `${rule}\n${policy}`;
    const adoption = this.#adoptions.get(key) ?? { policy, rule, violations: 0, last: at };
    adoption.violations += count;
    adoption.last = Math.max(adoption.last, at);
    this.#adoptions.set(key, adoption);
  }

  /** Most violations first. */
  listed(wording: Wording): Digest["ruleChanges"] {
    const all = [...this.#adoptions.values()].sort(
      (a, b) => b.violations - a.violations || compareText(a.rule, b.rule) || compareText(a.policy, b.policy),
    );
    const lines = all.slice(0, shown).map(({ policy, rule, violations, last }) => ({
      rule: ruleFacts(wording, { rule, severity: wording.rules.severity(policy, rule) }),
      policy,
      violations,
      on: wording.calendar.day(last),
    }));
    return { shown: lines, total: all.length };
  }
}
