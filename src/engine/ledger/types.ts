import type { PolicyMatch } from "../../api/policy.ts";
import type { Severity } from "../../api/severity.ts";
import type { Ownership } from "../ownership/ownership.ts";
import type { KindName, ResourceRef } from "../resource.ts";
import type { WorstCounts } from "../score.ts";
import type { Problem, Violation, ViolationKey } from "../violation.ts";
import type { Instant } from "./instant.ts";
import type { StoredBaseline, StoredReport, StoredRow, Transition } from "./stored.ts";

export type { Instant } from "./instant.ts";

/** What the ledger of one policy in one namespace (or of its cluster-scoped resources) is told about a policy. */
export interface LedgerPolicy {
  readonly name: string;
  readonly uid: string;
  readonly mode: "Ratchet" | "Off";
  readonly settleMs: number;
  readonly newNamespaces: "Empty" | "Adopt";
  /** The match in force: kept in the Baseline, so that a later edit knows what this one would have judged. */
  readonly match: PolicyMatch;
  /** Oldest `takenAt` of the policy's Baselines; undefined before the first. */
  readonly baselineTakenAt: Instant | undefined;
  readonly rules: ReadonlyMap<string, LedgerRule>;
}

export interface LedgerRule {
  readonly revision: number;
  /** Hash of the sorted parameter sets. */
  readonly params: string;
  readonly severity: Severity;
  readonly title: string;
  readonly message?: string;
  readonly helpUrl?: string;
  readonly scope: "resource" | "inventory";
}

/** How well one kind is known at the moment. */
export type KindEvidence =
  /** Listed completely and followed without a gap; also a kind that discovery says is not served. */
  | { readonly state: "complete"; readonly served: boolean }
  /** No complete and current list since then. A hole once that is 60 s ago (`holeAfterMs`). */
  | { readonly state: "incomplete"; readonly since: Instant; readonly reason: string };

/** One resource as it is judged now. A generated family (docs/ledger.md section 5) is one of these. */
export interface ResourceEvidence {
  readonly ref: ResourceRef;
  readonly kind: KindName;
  /** Name ends in `*`: a family of generated names. */
  readonly generated: boolean;
  /** Hash of the sorted image repositories (of the spec for other kinds); given where there are violations. */
  readonly shape: string;
  /** Whether the previous match of the ledger (Baseline.match) would have judged it. True while there is none. */
  readonly inPreviousScope: boolean;
  /** By key; equal ones are counted. For a family: the maximum over its live siblings. */
  readonly violations: ReadonlyMap<ViolationKey, CountedViolation>;
  /** Who answers for it and what put it there; undefined while that rests on a controller whose kind is incomplete. */
  ownership(): Ownership | undefined;
  /** Whether the list element that the last merge key of this path addresses still exists in the object. */
  hasElement(path: string): boolean;
}

export interface CountedViolation {
  readonly violation: Violation;
  readonly count: number;
}

/** Everything known about one ledger's scope at one moment. Absence means something only under complete evidence. */
export interface Evidence {
  /** `undefined` for the ledger of cluster-scoped resources. */
  readonly namespace: { readonly name: string; readonly createdAt: Instant } | undefined;
  /** Every kind in scope and every kind that enabled rules read. */
  readonly kinds: ReadonlyMap<KindName, KindEvidence>;
  /** Rules whose verdict is incomplete for this ledger: they threw, or a kind they read is incomplete; since when. */
  readonly rules: ReadonlyMap<string, { readonly since: Instant; readonly reason: string }>;
  /** Every resource judged, also the clean ones (they prove that it is still there). */
  readonly resources: ReadonlyMap<ResourceRef, ResourceEvidence>;
  /**
   * Live or not, resources of the ledger's namespace that exist but that the policy does not judge (left the scope by label).
   * What is neither here nor in `resources`, of a complete kind, is gone.
   */
  outOfScope(ref: ResourceRef): boolean;
  readonly problems: readonly Problem[];
  /** True for a full scan, which may shrink parts; false for an evaluation between scans. */
  readonly fullScan: boolean;
}

/** What one evaluation is told. */
export interface LedgerInput {
  readonly now: Instant;
  readonly policy: LedgerPolicy;
  /** As decoded from the API server's objects, parts put together; undefined where there is none. */
  readonly stored: { readonly baseline: StoredBaseline | undefined; readonly report: StoredReport | undefined };
  /** From the last step whose writes were stored; `emptyMemory` after a restart. */
  readonly memory: LedgerMemory;
  readonly evidence: Evidence;
}

/** What is lost on a restart. All of it only delays; nothing that was shown rests on it. */
export interface LedgerMemory {
  /** Violations of inventory rules that are not reported yet, each since it was first seen without a break. */
  readonly pending: ReadonlyMap<ResourceRef, ReadonlyMap<ViolationKey, readonly Dated[]>>;
  /** Inventory rules whose adoption is under way: what was there at the first complete pass is adopted once it has held. */
  readonly firstPasses: ReadonlyMap<string, FirstPass>;
  /** What was first seen by then was there when a report was first written, so it is not announced once it has held. */
  readonly quietUntil: Instant | undefined;
}

export interface FirstPass {
  readonly at: Instant;
  /** Whether an Event tells of the adoption; not where the baseline itself is taken. */
  readonly announce: boolean;
}

/** Some violations with one key, and since when. */
export interface Dated {
  readonly since: Instant;
  readonly count: number;
}

/** What one evaluation concludes. */
export interface LedgerStep {
  /** What is to be stored now; deep-equal to the input where nothing changed. Undefined: nothing is stored. */
  readonly baseline: StoredBaseline | undefined;
  readonly report: StoredReport;
  /** Every resource with violations and all its rows, also those that the report cuts off; sorted by ref. */
  readonly resources: readonly ResourceRows[];
  readonly memory: LedgerMemory;
  /** Changes of state against the stored report, in its `changes` from now on; sorted. */
  readonly transitions: readonly Transition[];
  /** The first baseline of this ledger. */
  readonly baselineTaken: boolean;
  /** Entries of a Baseline that was lost, or of a lost part, were taken from the report. */
  readonly restored: boolean;
  readonly writeOrder: "baseline-first" | "report-first";
  /** The ledger is not at rest: step once more as soon as these writes are stored. */
  readonly again: boolean;
  /** Earliest instant at which time alone changes something; may lie further off than a timer can count. */
  readonly nextDeadline: Instant | undefined;
  readonly counts: LedgerCounts;
}

export interface ResourceRows extends Ownership {
  readonly ref: ResourceRef;
  readonly rows: readonly StoredRow[];
}

export interface StateCounts {
  readonly new: number;
  readonly known: number;
}

export interface RuleCounts extends StateCounts {
  readonly severity: Severity;
  /** Newest `since` of its New rows. */
  readonly lastNewAt: Instant | undefined;
}

/** Numbers for metrics and the Policy's status; complete also where rows are cut off. */
export interface LedgerCounts {
  readonly resources: number;
  readonly new: number;
  readonly known: number;
  readonly fixed: number;
  /** Entries of the Baseline, all of them. */
  readonly entries: number;
  readonly bySeverity: Readonly<Record<Severity, StateCounts>>;
  /** Resources by the severity of their worst violation. */
  readonly worst: WorstCounts;
  /** Only rules with violations; sorted by id. */
  readonly byRule: ReadonlyMap<string, RuleCounts>;
  /** Increments by this step's transitions: to New; and to Fixed or Gone. */
  readonly found: Readonly<Record<Severity, number>>;
  readonly gone: Readonly<Record<Severity, number>>;
}
