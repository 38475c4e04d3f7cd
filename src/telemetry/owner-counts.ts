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

function seriesOf(policies: ReadonlyMap<string, Columns>): readonly OwnerSeries[] {
  const byName = [...policies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, columns]) => columns);
  const [only, ...others] = byName;
  const {
    owners,
    severities: worst,
    news,
    knowns,
  } = only !== undefined && others.length === 0 ? only : onceEach(byName);
  const counts = new Map<string, Float64Array>();
  for (let at = 0; at < owners.length; at++) {
    const owner = owners[at] ?? "";
    const ofOwner = counts.get(owner) ?? new Float64Array(slots.length);
    counts.set(owner, ofOwner);
    const severity = worst[at] ?? 0;
    ofOwner[severity] = (ofOwner[severity] ?? 0) + (news[at] ?? 0);
    const known = severities.length + severity;
    ofOwner[known] = (ofOwner[known] ?? 0) + (knowns[at] ?? 0);
  }
  return [...counts].flatMap(([owner, ofOwner]) =>
    slots.map((slot) => ({ owner, slot, count: ofOwner[placeOf(slot)] ?? 0 })).filter(({ count }) => count > 0),
  );
}

/** Where the counts of an owner have those of this slot: New by severity, then Known. */
function placeOf({ severity, state }: Slot): number {
  const at = severities.findIndex((name) => name.toLowerCase() === severity);
  return state === "new" ? at : severities.length + at;
}

/** Violations that several policies see, put together. */
function onceEach(policies: readonly Columns[]): Omit<Columns, "fingerprints"> {
  const places = new Map<number, number>();
  const most = policies.reduce((sum, { owners }) => sum + owners.length, 0);
  const owners: string[] = [];
  const worst = new Uint8Array(most);
  const news = new Uint32Array(most);
  const all = new Uint32Array(most);
  for (const columns of policies)
    for (let at = 0; at < columns.owners.length; at++) {
      const fingerprint = columns.fingerprints[at] ?? 0;
      const place = places.get(fingerprint) ?? owners.length;
      const isFirst = place === owners.length;
      if (isFirst) {
        places.set(fingerprint, place);
        owners.push(columns.owners[at] ?? "");
      }
      const severity = columns.severities[at] ?? 0;
      const fresh = columns.news[at] ?? 0;
      worst[place] = isFirst ? severity : Math.min(worst[place] ?? 0, severity);
      news[place] = Math.max(news[place] ?? 0, fresh);
      all[place] = Math.max(all[place] ?? 0, fresh + (columns.knowns[at] ?? 0));
    }
  const knowns = all.map((count, place) => count - (news[place] ?? 0));
  return { owners, severities: worst, news, knowns };
}

function add(sums: Map<string, OwnerSeries>, { owner, slot, count }: OwnerSeries): void {
  if (count === 0) return;
  const key = keyOf(owner, slot);
  sums.set(key, { owner, slot, count: count + (sums.get(key)?.count ?? 0) });
}

function keyOf(owner: string, { rank }: Slot): string {
  return `${rank} ${owner}`;
}
