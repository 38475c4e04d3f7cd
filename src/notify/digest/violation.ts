import { type Severity, severities } from "../../api/severity.ts";
import type { Instant } from "../../engine/ledger/instant.ts";
import { compareText } from "../../engine/ledger/order.ts";
import type { Ownership } from "../../engine/ownership/ownership.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import { isWorse } from "../../engine/score.ts";

/** One violation, whichever policies find it. */
export interface Violation {
  /** Empty for resources without one. */
  readonly namespace: string;
  readonly ref: string;
  readonly rule: string;
  readonly path: string;
  readonly value: string | undefined;
  /** The team, or `unowned`. */
  readonly owner: string;
  readonly source: string | undefined;
  /** The highest that a policy gives it. */
  readonly severity: Severity;
  /** Sorted. */
  readonly policies: readonly string[];
  /** How often it is there; as New; and as New that came in the period. */
  readonly count: number;
  readonly newCount: number;
  readonly freshCount: number;
  /** Since when it is known, and since when as one that came in the period. */
  readonly since: Instant;
  readonly freshSince: Instant | undefined;
}

/** Where a violation is; equal in all policies that find it. */
export interface Spot {
  readonly rule: string;
  readonly path: string;
  readonly class?: string;
}

export function violationKey(namespace: string, ref: string, { rule, path, class: valueClass }: Spot): string {
  return `${namespace}\n${ref}\n${rule}\n${path}\n${valueClass ?? ""}`;
}

/** One row of one policy's report. */
export interface Sighting {
  readonly policy: string;
  readonly severity: Severity;
  readonly count: number;
  readonly isNew: boolean;
  /** Whether it is New and came in the period. */
  readonly isFresh: boolean;
  readonly since: Instant;
}

interface Found extends Ownership, Pick<Violation, "namespace" | "ref" | "rule" | "path" | "value"> {
  readonly sightings: Sighting[];
}

/** Puts together what several policies find at one place. */
export class ViolationBook {
  readonly #found = new Map<string, Found>();

  add(key: string, facts: Omit<Found, "sightings">, sighting: Sighting): void {
    const found = this.#found.get(key);
    if (found === undefined) this.#found.set(key, { ...facts, sightings: [sighting] });
    else found.sightings.push(sighting);
  }

  /** Worst first; then by namespace, resource, rule and path. */
  sorted(): Violation[] {
    return [...this.#found.values()].map(combined).sort(compareViolations);
  }
}

function combined({ sightings, owner = unowned, source, ...facts }: Found): Violation {
  const byPolicy = Map.groupBy(sightings, ({ policy }) => policy);
  const most = (counts: (sighting: Sighting) => boolean) =>
    Math.max(...[...byPolicy.values()].map((rows) => sum(rows.filter(counts))));
  const fresh = sightings.filter(({ isFresh }) => isFresh).map(({ since }) => since);
  return {
    ...facts,
    owner,
    source,
    severity: sightings.map(({ severity }) => severity).reduce((a, b) => (isWorse(b, a) ? b : a)),
    policies: [...byPolicy.keys()].sort(),
    count: most(() => true),
    newCount: most(({ isNew }) => isNew),
    freshCount: most(({ isFresh }) => isFresh),
    since: Math.min(...sightings.map(({ since }) => since)),
    freshSince: fresh.length === 0 ? undefined : Math.min(...fresh),
  };
}

function sum(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

function compareViolations(a: Violation, b: Violation): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compareText(a.namespace, b.namespace) ||
    compareText(a.ref, b.ref) ||
    compareText(a.rule, b.rule) ||
    compareText(a.path, b.path) ||
    a.since - b.since
  );
}
