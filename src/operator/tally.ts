import { type Severity, severities } from "../api/severity.ts";
import type { Summary } from "../api/summary.ts";
import type { Instant, LedgerCounts, LedgerStep, StateCounts } from "../engine/ledger/types.ts";
import { posture } from "../engine/score.ts";
import type { RuleCount } from "./policy-status.ts";

/** What one ledger contributes to its policy. */
interface LedgerTally {
  readonly counts: LedgerCounts;
  readonly takenAt: Instant | undefined;
  /** Rules that threw. */
  readonly failedRules: readonly string[];
}

/** Adds up the ledgers of one policy, namespace by namespace. */
export class Tally {
  readonly #ledgers = new Map<string, LedgerTally>();
  readonly #failedWrites = new Set<string>();
  /** Newest New violation by rule, also where it is gone again. */
  readonly #lastNew = new Map<string, { readonly at: Instant; readonly severity: Severity }>();

  set(namespace: string, { counts, report, baseline }: LedgerStep): void {
    this.#failedWrites.delete(namespace);
    const failedRules = [...new Set(report.problems.map(({ rule }) => rule))];
    this.#ledgers.set(namespace, { counts, takenAt: baseline?.takenAt, failedRules });
    for (const [rule, { lastNewAt, severity }] of counts.byRule)
      if (lastNewAt !== undefined)
        this.#lastNew.set(rule, { at: Math.max(lastNewAt, this.#lastNew.get(rule)?.at ?? 0), severity });
  }

  failed(namespace: string): void {
    this.#failedWrites.add(namespace);
  }

  delete(namespace: string): void {
    this.#ledgers.delete(namespace);
    this.#failedWrites.delete(namespace);
  }

  has(namespace: string): boolean {
    return this.#ledgers.has(namespace);
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
      severities.map((severity) => [severity, this.#sum(({ counts }) => counts.worst[severity])]),
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

  /** Rules that have violations, or had new ones; with their severity, sorted by id. */
  get rules(): readonly (RuleCount & { readonly severity: Severity })[] {
    const rules = new Map<string, { new: number; known: number; severity: Severity }>();
    for (const [id, { severity }] of this.#lastNew) rules.set(id, { new: 0, known: 0, severity });
    for (const { counts } of this.#ledgers.values())
      for (const [id, { new: fresh, known, severity }] of counts.byRule) {
        const sum = rules.get(id) ?? { new: 0, known: 0, severity };
        rules.set(id, { new: sum.new + fresh, known: sum.known + known, severity });
      }
    return [...rules]
      .map(([id, sum]) => ({ id, ...sum, lastNewTime: this.#lastNew.get(id)?.at }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
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
