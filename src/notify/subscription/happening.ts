import type { ChangeTarget } from "../../api/scan-report.ts";
import type { Severity } from "../../api/severity.ts";
import type { Instant } from "../../engine/ledger/instant.ts";

interface Common {
  /** The same in every reading, and in every policy that finds it. */
  readonly id: string;
  /** By the API server's clock; whole seconds. */
  readonly at: Instant;
  /** Rises with the order in which this process saw it appear; 0 for what was there when it came. */
  readonly arrival: number;
  readonly policy: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly helpUrl?: string;
}

/** One change of state, as it stands in the `changes` of one report. */
export interface ReportedChange extends Common {
  readonly kind: "change";
  /** Empty for resources without one. */
  readonly namespace: string;
  readonly ref: string;
  readonly path: string;
  readonly class?: string;
  readonly count: number;
  readonly to: ChangeTarget;
  readonly owner?: string;
  readonly source?: string;
  /** Whether the report lists the violation now; absent where its rows stand in parts. */
  readonly isThere?: boolean;
  readonly value?: string;
  /** When it was first found. */
  readonly since?: Instant;
}

/** A rule that is new in a policy: what it found was taken into the baseline, in all namespaces at once. */
export interface RuleAdoption extends Common {
  readonly kind: "adoption";
  readonly violations: number;
  readonly resources: number;
  readonly namespaces: number;
}

/** What subscriptions may tell of immediately. */
export type Happening = ReportedChange | RuleAdoption;
