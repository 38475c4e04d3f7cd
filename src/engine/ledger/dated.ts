import type { Instant } from "./instant.ts";
import type { Dated } from "./types.ts";

/** Violations of one key in the order in which they were found: lists of `Dated`, oldest first, without empty items. */

export function total(list: readonly { readonly count: number }[]): number {
  return list.reduce((sum, { count }) => sum + count, 0);
}

/** The oldest `count` of a list, and what is left of it. */
export function splitOldest(
  list: readonly Dated[],
  count: number,
): { readonly oldest: Dated[]; readonly rest: Dated[] } {
  const oldest: Dated[] = [];
  const rest: Dated[] = [];
  let wanted = count;
  for (const item of list) {
    const taken = Math.min(wanted, item.count);
    wanted -= taken;
    if (taken > 0) oldest.push({ since: item.since, count: taken });
    if (taken < item.count) rest.push({ since: item.since, count: item.count - taken });
  }
  return { oldest, rest };
}

/** The newest `count` of a list (none for less than one), newest first, and what is left of it. */
export function splitNewest(
  list: readonly Dated[],
  count: number,
): { readonly newest: Dated[]; readonly rest: Dated[] } {
  const { oldest, rest } = splitOldest(list, Math.max(0, total(list) - Math.max(0, count)));
  return { newest: rest.reverse(), rest: oldest };
}

/** Of none. The commonest list by far: one for all keeps a step over a large ledger short. */
export const none: readonly Dated[] = [];

/** Puts items with one instant together and sorts: oldest first. Gives the list itself where there is nothing to do. */
export function merged(list: readonly Dated[]): readonly Dated[] {
  if (list.length <= 1) return list.every(({ count }) => count > 0) ? list : none;
  const counts = new Map<Instant, number>();
  for (const { since, count } of list) if (count > 0) counts.set(since, (counts.get(since) ?? 0) + count);
  return [...counts].map(([since, count]) => ({ since, count })).sort((a, b) => a.since - b.since);
}
