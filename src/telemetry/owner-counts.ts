import { type OwnerSeries, type Slot, slots } from "./series-cap.ts";

/** One violation of one policy, as far as the counts by owner need it. */
export interface OwnedViolation {
  /** The same for the same violation in every policy, and for no other in its namespace. */
  readonly fingerprint: number;
  readonly owner: string;
  readonly severity: "Critical" | "High" | "Medium" | "Low";
  /** How many times it is there, by state. */
  readonly new: number;
  readonly known: number;
}

/**
 * Violations by owner, each counted once however many policies see it: with the highest severity, and as New if it is New in any.
 * Keeps a few bytes a violation, in columns.
 */
export class OwnerCounts {
  readonly #namespaces = new Map<string, Namespace>();

  /** Replaces what one policy sees in one namespace. */
  set(policy: string, namespace: string, violations: Iterable<OwnedViolation>): void {
    const of = this.#namespaces.get(namespace) ?? { policies: new Map<string, Columns>(), series: undefined };
    this.#namespaces.set(namespace, of);
    of.policies.set(policy, columnsOf([...violations]));
    of.series = undefined;
  }

  /** Drops what a policy sees in one namespace, or without a namespace in all of them. */
  remove(policy: string, namespace?: string): void {
    for (const name of namespace === undefined ? [...this.#namespaces.keys()] : [namespace]) {
      const of = this.#namespaces.get(name);
      if (!of?.policies.delete(policy)) continue;
      of.series = undefined;
      if (of.policies.size === 0) this.#namespaces.delete(name);
    }
  }

  /** Over all namespaces; only what is above zero. */
  series(): readonly OwnerSeries[] {
    const sums = new Map<string, OwnerSeries>();
    for (const of of this.#namespaces.values()) {
      of.series ??= seriesOf(of.policies);
      for (const one of of.series) add(sums, one);
    }
    return [...sums.values()];
  }
}

interface Namespace {
  readonly policies: Map<string, Columns>;
  /** Until something changes. */
  series: readonly OwnerSeries[] | undefined;
}

interface Columns {
  readonly fingerprints: Float64Array;
  readonly owners: readonly string[];
  /** Index in `severities`. */
  readonly severities: Uint8Array;
  readonly news: Uint32Array;
  readonly knowns: Uint32Array;
}

const severities = ["Critical", "High", "Medium", "Low"] as const;

function columnsOf(violations: readonly OwnedViolation[]): Columns {
  return {
    fingerprints: Float64Array.from(violations, ({ fingerprint }) => fingerprint),
    owners: violations.map(({ owner }) => owner),
    severities: Uint8Array.from(violations, ({ severity }) => severities.indexOf(severity)),
    news: Uint32Array.from(violations, (violation) => violation.new),
    knowns: Uint32Array.from(violations, ({ known }) => known),
  };
}

interface Counted {
  readonly owner: string;
  worst: number;
  new: number;
  all: number;
}

function seriesOf(policies: ReadonlyMap<string, Columns>): readonly OwnerSeries[] {
  const counted = new Map<number, Counted>();
  for (const [, columns] of [...policies].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const [at, fingerprint] of columns.fingerprints.entries()) {
      const isNew = columns.news[at] ?? 0;
      const all = isNew + (columns.knowns[at] ?? 0);
      const severity = columns.severities[at] ?? 0;
      const before = counted.get(fingerprint);
      if (before === undefined) {
        counted.set(fingerprint, { owner: columns.owners[at] ?? "", worst: severity, new: isNew, all });
        continue;
      }
      before.worst = Math.min(before.worst, severity);
      before.new = Math.max(before.new, isNew);
      before.all = Math.max(before.all, all);
    }
  const sums = new Map<string, OwnerSeries>();
  for (const one of counted.values()) {
    for (const slot of slots) {
      if (slot.severity !== severities[one.worst]?.toLowerCase()) continue;
      add(sums, { owner: one.owner, slot, count: slot.state === "new" ? one.new : one.all - one.new });
    }
  }
  return [...sums.values()];
}

function add(sums: Map<string, OwnerSeries>, { owner, slot, count }: OwnerSeries): void {
  if (count === 0) return;
  const key = keyOf(owner, slot);
  sums.set(key, { owner, slot, count: count + (sums.get(key)?.count ?? 0) });
}

function keyOf(owner: string, { rank }: Slot): string {
  return `${rank} ${owner}`;
}
