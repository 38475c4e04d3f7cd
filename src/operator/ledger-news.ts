import type { Transition } from "../engine/ledger/stored.ts";
import type { LedgerStep } from "../engine/ledger/types.ts";

/** What is to be told of a ledger now. */
export interface News {
  /** For Events; a few of them may have been sent before. */
  readonly transitions: readonly Transition[];
  /** For counters: each transition once in the life of this process. */
  readonly counted: readonly Transition[];
  readonly restored: boolean;
}

/**
 * What of one ledger was told already. A step whose writes fail half way, or whose answer is lost, does not conclude the same again: what
 * the stored report's `changes` hold and was not told yet is told by the next look. After a restart all of them are told again, under names
 * that the API server knows if they were sent.
 */
export class LedgerNews {
  /** Ids among the stored changes that were handed over; undefined before the first look. */
  #told: ReadonlySet<string> | undefined;
  #unsent: readonly Transition[] = [];
  #restored = false;

  /** The Baseline of this step is stored: a step after it does not restore the same again. */
  baselineStored(step: LedgerStep): void {
    this.#restored ||= step.restored;
  }

  /** Everything of this step is stored: hands over what is to be told. */
  take({ report, transitions }: LedgerStep): News {
    const told = this.#told;
    const fresh =
      told === undefined ? transitions : union(transitions, report.changes).filter(({ id }) => !told.has(id));
    const news = {
      transitions: union(this.#unsent, told === undefined ? union(report.changes, transitions) : fresh),
      counted: fresh,
      restored: this.#restored,
    };
    this.#told = new Set(union(report.changes, transitions).map(({ id }) => id));
    this.#unsent = [];
    this.#restored = false;
    return news;
  }

  /** These could not be sent: the next look tells them again. */
  keep(unsent: readonly Transition[]): void {
    this.#unsent = unsent;
  }
}

function union(a: readonly Transition[], b: readonly Transition[]): readonly Transition[] {
  const ids = new Set(a.map(({ id }) => id));
  return [...a, ...b.filter(({ id }) => !ids.has(id))];
}
