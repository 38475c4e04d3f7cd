import { type Severity, severities } from "../api/severity.ts";
import type { Summary } from "../api/summary.ts";
import type { StoredReport } from "../engine/ledger/stored.ts";
import type { Instant, LedgerCounts, LedgerStep, StateCounts } from "../engine/ledger/types.ts";
import { isWorse, posture, type WorstCounts } from "../engine/score.ts";
import type { RuleCount } from "./policy-status.ts";

/** What one ledger contributes to its policy. */
interface LedgerTally {
  readonly counts: LedgerCounts;
  readonly worst: WorstCounts;
  readonly takenAt: Instant | undefined;
  /** Rules that threw. */
  readonly failedRules: readonly string[];
}

/** Adds up the ledgers of one policy, namespace by namespace. */
export class Tally {
  readonly #ledgers = new Map<string, LedgerTally>();
  readonly #failedWrites = new Set<string>();
  /** Newest New violation by rule, also of ledgers that are gone. */
  readonly #lastNew = new Map<string, Instant>();

  set(namespace: string, { counts, report, baseline }: LedgerStep): void {
    this.#failedWrites.delete(namespace);
    const failedRules = [...new Set(report.problems.map(({ rule }) => rule))];
    this.#ledgers.set(namespace, { counts, worst: worstOf(report), takenAt: baseline?.takenAt, failedRules });
    for (const [rule, { lastNewAt }] of counts.byRule)
      if (lastNewAt !== undefined) this.#lastNew.set(rule, Math.max(lastNewAt, this.#lastNew.get(rule) ?? 0));
  }

  failed(namespace: string): void {
    this.#failedWrites.add(namespace);
  }

  delete(namespace: string): void {
    this.#ledgers.delete(namespace);
    this.#failedWrites.delete(namespace);
  }

  namespaces(): readonly string[] {
    return [...this.#ledgers.keys()].sort();
  }

  /** Oldest `takenAt` among the ledgers. */
  get takenAt(): Instant | undefined {
    const instants = [...this.#ledgers.values()].flatMap(({ takenAt }) => (takenAt === undefined ? [] : [takenAt]));
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  get failures(): { readonly rules: readonly string[]; readonly writes: readonly string[] } {
    const rules = new Set([...this.#ledgers.values()].flatMap(({ failedRules }) => failedRules));
    const writes = [...this.#failedWrites].map((namespace) =>
      namespace === "" ? "cluster-scoped resources" : namespace,
    );
    return { rules: [...rules].sort(), writes: writes.sort() };
  }

  get entries(): number {
    return this.#sum(({ counts }) => counts.entries);
  }

  get summary(): Summary {
    const bySeverity = (severity: Severity) => this.#sum(({ counts }) => total(counts.bySeverity[severity]));
    const resources = this.#sum(({ counts }) => counts.resources);
    const worst = Object.fromEntries(
      severities.map((severity) => [severity, this.#sum((ledger) => ledger.worst[severity])]),
    ) as Record<Severity, number>;
    const newCritical = this.#sum(({ counts }) => counts.bySeverity.Critical.new) > 0;
    return {
      resources,
      new: this.#sum(({ counts }) => counts.new),
      known: this.#sum(({ counts }) => counts.known),
      fixed: this.#sum(({ counts }) => counts.fixed),
      critical: bySeverity("Critical"),
      high: bySeverity("High"),
      medium: bySeverity("Medium"),
      low: bySeverity("Low"),
      ...posture(resources, worst, newCritical),
    };
  }

  /** By rule, with its severity; sorted by id. */
  get rules(): readonly (RuleCount & { readonly severity: Severity })[] {
    const rules = new Map<string, { new: number; known: number; severity: Severity }>();
    for (const { counts } of this.#ledgers.values())
      for (const [id, { new: fresh, known, severity }] of counts.byRule) {
        const sum = rules.get(id) ?? { new: 0, known: 0, severity };
        rules.set(id, { new: sum.new + fresh, known: sum.known + known, severity });
      }
    const ids = [...new Set([...rules.keys(), ...this.#lastNew.keys()])].sort();
    return ids.flatMap((id) => {
      const sum = rules.get(id);
      return sum === undefined ? [] : [{ id, ...sum, lastNewTime: this.#lastNew.get(id) }];
    });
  }

  #sum(of: (ledger: LedgerTally) => number): number {
    let sum = 0;
    for (const ledger of this.#ledgers.values()) sum += of(ledger);
    return sum;
  }
}

function total({ new: fresh, known }: StateCounts): number {
  return fresh + known;
}

/** How many resources have which severity as their worst. */
function worstOf({ violating, rules }: StoredReport): WorstCounts {
  const worst: Record<Severity, number> = { Critical: 0, High: 0, Medium: 0, Low: 0 };
  for (const { rows } of violating) {
    let most: Severity | undefined;
    for (const { rule } of rows) {
      const severity = rules.get(rule)?.severity;
      if (severity !== undefined && (most === undefined || isWorse(severity, most))) most = severity;
    }
    if (most !== undefined) worst[most] += 1;
  }
  return worst;
}
