/** Ranked as series are worth keeping: what is new comes first, then what is worse. */
export const slots = [
  { rank: 0, severity: "critical", state: "new" },
  { rank: 1, severity: "high", state: "new" },
  { rank: 2, severity: "medium", state: "new" },
  { rank: 3, severity: "low", state: "new" },
  { rank: 4, severity: "critical", state: "known" },
  { rank: 5, severity: "high", state: "known" },
  { rank: 6, severity: "medium", state: "known" },
  { rank: 7, severity: "low", state: "known" },
] as const;

export type Slot = (typeof slots)[number];

const seriesPerNamespace = slots.length;

/** Name of the policy, namespace, rule or owner that stands for those that gave way. No Kubernetes name and no owner can be like it. */
const other = "_other";

/** The least that a cap can be: every namespace in one `_other`, every rule in another, every owner in a third. */
export const leastSeriesCap = 3 * slots.length;

/** The series of one namespace (or `_other`) in one policy: one a slot, also where it is zero. */
export interface NamespaceSeries {
  readonly policy: string;
  readonly namespace: string;
  /** One count a slot, by its rank. */
  readonly counts: readonly number[];
}

/** One series of a rule (or `_other`). Exists only where the count is above zero. */
export interface RuleSeries {
  readonly policy: string;
  readonly rule: string;
  readonly slot: Slot;
  readonly count: number;
}

/** One series of an owner (or `_other`), over all policies. Exists only where the count is above zero. */
export interface OwnerSeries {
  readonly owner: string;
  readonly slot: Slot;
  readonly count: number;
}

/** What there is without a cap. */
export interface AllSeries {
  readonly namespaces: readonly NamespaceSeries[];
  readonly rules: readonly RuleSeries[];
  readonly owners: readonly OwnerSeries[];
}

export interface CappedSeries extends AllSeries {
  /** How many of the given series are not among these, but counted in an `_other`. */
  readonly dropped: number;
}

/**
 * Brings the violation series under a hard cap that counts the `_other` series too. The sum over each severity and state
 * stays exactly what it was. These give way, each only after all before it:
 *
 * 1. rules, into the rule `_other` of their policy;
 * 2. owners, into the owner `_other`;
 * 3. namespaces without New or Critical, into the namespace `_other` of their policy;
 * 4. namespaces with New or Critical, likewise;
 * 5. whole policies, into the policy `_other`: first their rules, then their namespaces. Only with hundreds of policies.
 *
 * Within a step the choice depends on names alone (and for rules and owners on what is worse), so that a series does not come and go
 * with its count. The result is sorted.
 */
export function capSeries({ namespaces, rules, owners }: AllSeries, cap: number): CappedSeries {
  const keptRules = foldWhatIsOver(rules.toSorted(byWorth), {
    room: cap - namespaces.length * seriesPerNamespace - owners.length,
    weight: 1,
    bucket: ({ policy, slot }) => `${slot.rank} ${policy}`,
    merge: (given, into) => ({ ...given, rule: other, count: given.count + (into?.count ?? 0) }),
  });
  const keptOwners = foldWhatIsOver(owners.toSorted(byOwnersWorth), {
    room: cap - namespaces.length * seriesPerNamespace - keptRules.series.length,
    weight: 1,
    bucket: ({ slot }) => `${slot.rank}`,
    merge: (given, into) => ({ ...given, owner: other, count: given.count + (into?.count ?? 0) }),
  });
  const keptNamespaces = foldWhatIsOver(namespaces.toSorted(byAlarm), {
    room: cap - keptRules.series.length - keptOwners.series.length,
    weight: seriesPerNamespace,
    bucket: ({ policy }) => policy,
    merge: (given, into) => ({ ...given, namespace: other, counts: addCounts(given.counts, into?.counts) }),
  });
  const fewRules = foldWhatIsOver(keptRules.series.toSorted(byWorth), {
    room: cap - keptNamespaces.series.length * seriesPerNamespace - keptOwners.series.length,
    weight: 1,
    bucket: ({ slot }) => `${slot.rank}`,
    merge: (given, into) => ({ ...given, policy: other, rule: other, count: given.count + (into?.count ?? 0) }),
  });
  const fewNamespaces = foldWhatIsOver(keptNamespaces.series.toSorted(byAlarm), {
    room: cap - fewRules.series.length - keptOwners.series.length,
    weight: seriesPerNamespace,
    bucket: () => other,
    merge: (given, into) => ({
      policy: other,
      namespace: other,
      counts: addCounts(given.counts, into?.counts),
    }),
  });
  return {
    namespaces: fewNamespaces.series.toSorted(
      (a, b) => compare(a.policy, b.policy) || compare(a.namespace, b.namespace),
    ),
    rules: fewRules.series.toSorted(
      (a, b) => compare(a.policy, b.policy) || compare(a.rule, b.rule) || a.slot.rank - b.slot.rank,
    ),
    owners: keptOwners.series.toSorted((a, b) => compare(a.owner, b.owner) || a.slot.rank - b.slot.rank),
    dropped: keptRules.folded + keptOwners.folded + keptNamespaces.folded * seriesPerNamespace,
  };
}

/**
 * Keeps as many items, which come in the order in which they are worth keeping, as fit into `room` together with the buckets that the others are merged into.
 * @param weight series that one item takes, and one bucket
 */
function foldWhatIsOver<Series>(
  items: readonly Series[],
  how: {
    readonly room: number;
    readonly weight: number;
    readonly bucket: (series: Series) => string;
    readonly merge: (series: Series, into: Series | undefined) => Series;
  },
): { readonly series: readonly Series[]; readonly folded: number } {
  const buckets = new Map<string, Series>();
  const kept = [...items];
  while ((kept.length + buckets.size) * how.weight > how.room) {
    const series = kept.pop();
    if (series === undefined) break;
    const bucket = how.bucket(series);
    buckets.set(bucket, how.merge(series, buckets.get(bucket)));
  }
  return { series: [...kept, ...buckets.values()], folded: items.length - kept.length };
}

function byWorth(a: RuleSeries, b: RuleSeries): number {
  return a.slot.rank - b.slot.rank || compare(a.policy, b.policy) || compare(a.rule, b.rule);
}

function byOwnersWorth(a: OwnerSeries, b: OwnerSeries): number {
  return a.slot.rank - b.slot.rank || compare(a.owner, b.owner);
}

function byAlarm(a: NamespaceSeries, b: NamespaceSeries): number {
  return Number(alarms(b)) - Number(alarms(a)) || compare(a.policy, b.policy) || compare(a.namespace, b.namespace);
}

function alarms({ counts }: NamespaceSeries): boolean {
  return slots.some(({ rank, severity, state }) => (severity === "critical" || state === "new") && counts[rank] !== 0);
}

function addCounts(counts: readonly number[], more: readonly number[] | undefined): readonly number[] {
  return counts.map((count, rank) => count + (more?.[rank] ?? 0));
}

/** By code unit, so that the order does not hang on the locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
