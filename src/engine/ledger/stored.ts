import type { PolicyMatch } from "../../api/policy-match.ts";
import type { ChangeTarget, changeReasons, HistoryDay, HoistedRule } from "../../api/scan-report.ts";
import type { Summary } from "../../api/summary.ts";
import type { RowState } from "../../api/violating.ts";
import type { Ownership } from "../ownership/ownership.ts";
import type { KindName, ResourceRef } from "../resource.ts";
import type { Problem } from "../violation.ts";
import type { Instant } from "./instant.ts";

/**
 * The durable half of a ledger, as values: what the API objects say, with defaults filled in, parts put together, instants as
 * numbers. Lists are sorted and free of duplicates wherever the ledger wrote them. Instants are whole seconds.
 */
export interface StoredBaseline {
  readonly takenAt: Instant;
  /** FIXED: entries absent or removed since `takenAt`. */
  readonly fixed: number;
  /** The match by which it was last judged; undefined where what is stored is none. */
  readonly match: PolicyMatch | undefined;
  /** Adopted kinds; one that is not served counts as empty. */
  readonly kinds: readonly KindName[];
  /** Adopted rules, as they were then. */
  readonly rules: ReadonlyMap<string, AdoptedRule>;
  /** Kinds and rules whose evidence is incomplete, and since when. */
  readonly holes: ReadonlyMap<string, Instant>;
  /** Nothing was ever judged here: there is no report yet. See `unreported.ts`. */
  readonly unreported?: true;
  /** Kept by the operator; a step takes the Baseline up and clears all three. */
  readonly outOfScopeSince?: Instant;
  readonly orphanedSince?: Instant;
  readonly namespaceGoneSince?: Instant;
  readonly resources: readonly StoredResource[];
  /** Parts that should be there and are not: the next step takes their entries from the report. */
  readonly lost?: LostParts;
}

export interface AdoptedRule {
  readonly revision: number;
  readonly params: string;
  /** What was accepted when it was last adopted, where that is to be told of. */
  readonly adopted?: AdoptedFinds;
}

export interface AdoptedFinds {
  readonly at: Instant;
  readonly violations: number;
  readonly resources: number;
}

/** Its owner and source are noted only while it is gone and an entry waits to be announced: nothing else remembers them. */
export interface StoredResource extends Ownership {
  readonly ref: ResourceRef;
  readonly shape?: string;
  readonly entries: readonly StoredEntry[];
}

/** What a row and an entry say about which violation they are. */
export interface Place {
  readonly rule: string;
  readonly path: string;
  readonly class?: string;
  readonly count: number;
}

/** Accepted violations that share everything. Of the four instants after `since` none or one is usual. */
export interface StoredEntry extends Place {
  /** When it was accepted. */
  readonly since: Instant;
  /** Since when it is fixed. */
  readonly absentSince?: Instant;
  /** With `absentSince`: it was announced, or is nothing to tell of. Else the announcement is still to come. */
  readonly announced?: true;
  readonly outSince?: Instant;
  readonly idleSince?: Instant;
  readonly moved?: true;
}

export interface StoredReport {
  /** Absent where the report was written under mode Off. */
  readonly baselineTakenAt?: Instant;
  readonly summary: Summary;
  readonly changedAt: Instant;
  readonly rules: ReadonlyMap<string, HoistedRule>;
  readonly violating: readonly StoredViolating[];
  /** Newest first. */
  readonly changes: readonly Transition[];
  readonly changesDropped: number;
  /** Newest last. */
  readonly history: readonly HistoryDay[];
  readonly unverified: readonly string[];
  readonly problems: readonly Problem[];
  /** Parts that should be there and are not: their rows are unknown, and what is found again is not announced. */
  readonly lost?: LostParts;
}

export interface StoredViolating extends Ownership {
  readonly ref: ResourceRef;
  readonly rows: readonly StoredRow[];
  /** Violations beyond the rows listed. */
  readonly more: number;
}

export interface StoredRow extends Place {
  readonly state: RowState;
  readonly since: Instant;
  readonly moved?: true;
  readonly value?: string;
}

/** A violation's change of state, as it stands in a report's `changes`. */
export interface Transition extends Place, Ownership {
  /** Hash of namespace, ref, key, target and the `since` it rests on: the same in every policy and every attempt. */
  readonly id: string;
  readonly at: Instant;
  readonly ref: ResourceRef;
  readonly to: ChangeTarget;
  /** One of `TransitionReason`; an older or newer version may have written another word. */
  readonly reason: string;
}

export type TransitionReason = keyof typeof changeReasons;

/** Which of the 2^bits parts are missing. */
export interface LostParts {
  readonly bits: number;
  readonly parts: readonly number[];
}
