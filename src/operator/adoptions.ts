import type { RuleAdoption } from "../api/policy-status.ts";
import { formatInstant } from "../engine/ledger/instant.ts";
import { changesKeptMs } from "../engine/ledger/limits.ts";
import type { AdoptedFinds, StoredBaseline } from "../engine/ledger/stored.ts";
import type { Instant } from "../engine/ledger/types.ts";

/** A rule is adopted ledger by ledger; when nothing came for this long, all of them have. */
const quietMs = 4_000;

/**
 * What the Baselines of one policy say was adopted and nobody was told of yet. They are the only record of it, so that what one leader
 * adopted is told by the next if the first ends before it did.
 */
export class Adoptions {
  readonly #toldUntil: Instant;
  /** `at` of what was told or waits for it, by ledger and rule. */
  readonly #seen = new Map<string, Map<string, Instant>>();
  readonly #looked = new Set<string>();
  readonly #untold = new Map<string, Map<string, AdoptedFinds>>();
  /** Ledgers that have still to adopt: what inventory rules found at their first pass has to hold for a minute. */
  readonly #waiting = new Set<string>();
  #lastAt = Number.NEGATIVE_INFINITY;

  /** `toldUntil`: what was adopted by then was told by an earlier leader, or belonged to another policy of that name. */
  constructor(toldUntil: Instant) {
    this.#toldUntil = toldUntil;
  }

  /** What a ledger's stored Baseline says. `monotonic`: local time, in milliseconds. */
  look(namespace: string, rules: StoredBaseline["rules"], isWaiting: boolean, monotonic: number): void {
    if (isWaiting) this.#waiting.add(namespace);
    else this.#waiting.delete(namespace);
    // After a restart the ledgers are looked at one after the other, and what they hold was adopted at once.
    if (!this.#looked.has(namespace)) this.#lastAt = monotonic;
    this.#looked.add(namespace);
    for (const [rule, { adopted }] of rules) {
      const seen = this.#seen.get(namespace);
      if (adopted === undefined || adopted.at <= this.#toldUntil || seen?.get(rule) === adopted.at) continue;
      this.#seen.set(namespace, (seen ?? new Map()).set(rule, adopted.at));
      this.#untold.set(rule, (this.#untold.get(rule) ?? new Map()).set(namespace, adopted));
      this.#lastAt = monotonic;
    }
  }

  /** Nothing is adopted there any more. */
  forget(namespace: string): void {
    this.#waiting.delete(namespace);
    this.#looked.delete(namespace);
  }

  /** What is to be told now, by rule; nothing while more may still come. Each adoption is handed out once. */
  take(monotonic: number, now: Instant): readonly RuleAdoption[] {
    if (this.#untold.size === 0 || this.#waiting.size > 0 || monotonic - this.#lastAt < quietMs) return [];
    const young = [...this.#untold].flatMap(([rule, ledgers]) => {
      const finds = [...ledgers.values()].filter(({ at }) => now - at < changesKeptMs);
      return finds.length === 0 ? [] : [{ rule, finds }];
    });
    this.#untold.clear();
    if (young.length === 0) return [];
    // One instant for all that is told together, and the same whoever tells it.
    const at = formatInstant(Math.max(...young.flatMap(({ finds }) => finds.map((one) => one.at))));
    return young
      .map(({ rule, finds }) => ({
        rule,
        at,
        violations: finds.reduce((sum, { violations }) => sum + violations, 0),
        resources: finds.reduce((sum, { resources }) => sum + resources, 0),
        namespaces: finds.length,
      }))
      .sort((a, b) => (a.rule < b.rule ? -1 : 1));
  }
}
