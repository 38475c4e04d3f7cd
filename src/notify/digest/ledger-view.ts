import type { ClusterScanReport, HistoryDay, HoistedRule, RuleProblem, ScanReport } from "../../api/scan-report.ts";
import { type Severity, severities } from "../../api/severity.ts";
import type { Summary } from "../../api/summary.ts";
import type { ViolatingResource } from "../../api/violating.ts";
import { type Instant, parseInstant } from "../../engine/ledger/instant.ts";
import type { WorstCounts } from "../../engine/score.ts";

/** What is kept of one report once its rows have passed by. */
export class LedgerView {
  readonly policy: string;
  /** Empty for resources without one. */
  readonly namespace: string;
  readonly summary: Summary;
  readonly history: readonly HistoryDay[];
  readonly takenAt: Instant | undefined;
  /** `since` of rows that have none. */
  readonly defaultSince: Instant;
  readonly rules: Readonly<Record<string, HoistedRule>>;
  readonly unverified: readonly string[];
  readonly problems: readonly RuleProblem[];
  readonly changesDropped: number;
  /** Earliest change that is listed; undefined without any. */
  readonly oldestChange: Instant | undefined;
  readonly #bits: number;
  readonly #missing: Set<number>;
  readonly #worst: Record<Severity, number> = { Critical: 0, High: 0, Medium: 0, Low: 0 };
  #newCritical = false;
  #oldestNewCritical: Instant | undefined;

  constructor(report: ScanReport | ClusterScanReport) {
    const { policyRef, metadata, summary, history, baselineTakenAt, changedAt, changes, parts, partBits = 0 } = report;
    this.policy = policyRef.name;
    this.namespace = report.kind === "ScanReport" ? (metadata.namespace ?? "") : "";
    this.summary = summary;
    this.history = history;
    this.takenAt = baselineTakenAt === undefined ? undefined : parseInstant(baselineTakenAt);
    this.defaultSince = this.takenAt ?? parseInstant(changedAt);
    this.rules = report.rules;
    this.unverified = report.unverified;
    this.problems = report.problems;
    this.changesDropped = report.changesDropped ?? 0;
    this.oldestChange = changes.length === 0 ? undefined : Math.min(...changes.map(({ at }) => parseInstant(at)));
    this.#bits = partBits;
    this.#missing = new Set(Array.from({ length: parts }, (_, part) => part));
  }

  /** Whether a part is one of those that hold the report's rows, and has not come yet. */
  takes(part: { readonly k: number; readonly part: number }): boolean {
    return part.k === this.#bits && this.#missing.delete(part.part);
  }

  /** Parts that have not come. */
  get missingParts(): number {
    return this.#missing.size;
  }

  /** Takes note of one resource, whether or not its rows are selected. */
  note({ rows }: ViolatingResource): void {
    const found = new Set(rows.map(({ rule }) => this.rules[rule]?.severity));
    const worst = severities.find((severity) => found.has(severity));
    if (worst !== undefined) this.#worst[worst] += 1;
    for (const { rule, state, since } of rows) {
      if (state !== "New" || this.rules[rule]?.severity !== "Critical") continue;
      this.#newCritical = true;
      const at = since === undefined ? this.defaultSince : parseInstant(since);
      this.#oldestNewCritical = Math.min(at, this.#oldestNewCritical ?? at);
    }
  }

  /** Resources by the severity of their worst violation. */
  get worst(): WorstCounts {
    return this.#worst;
  }

  get hasNewCritical(): boolean {
    return this.#newCritical;
  }

  /** Whether a Critical violation that is New now was New at that instant already. */
  hadNewCritical(at: Instant): boolean {
    return this.#oldestNewCritical !== undefined && this.#oldestNewCritical < at;
  }

  /** The entry of the last day that ended before this one, a UTC date. */
  dayBefore(date: string): HistoryDay | undefined {
    return this.history.findLast((day) => day.date < date);
  }
}
