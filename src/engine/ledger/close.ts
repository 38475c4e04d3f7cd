import type { Ownership } from "../ownership/ownership.ts";
import type { ResourceRef } from "../resource.ts";
import { sortEntries } from "./order.ts";
import { reused } from "./same.ts";
import type { Entry, Slot, SlotTable } from "./slots.ts";
import { placeOf } from "./spot.ts";
import type { StoredEntry, StoredResource } from "./stored.ts";

/**
 * The entries of all slots as the Baseline holds them: equal ones put together, sorted.
 * @param ownershipOf asked for what has entries that wait to be announced
 * @param before resources of the stored Baseline; those that stay as they are, are these very objects
 */
export function closeEntries(
  slots: SlotTable,
  shapes: ReadonlyMap<ResourceRef, string>,
  ownershipOf: (ref: ResourceRef) => Ownership,
  before: readonly StoredResource[],
): StoredResource[] {
  const stored = new Map(before.map((resource) => [resource.ref, resource]));
  const resources: StoredResource[] = [];
  for (const [ref, own] of slots.byResource()) {
    const entries: StoredEntry[] = [];
    for (const slot of own) for (const entry of storedEntries(slot)) entries.push(entry);
    if (entries.length === 0) continue;
    const shape = shapes.get(ref);
    const last = stored.get(ref);
    const next = {
      ref,
      ...(shape === undefined || shape === "" ? {} : { shape }),
      ...(entries.some(isWaiting) ? ownershipOf(ref) : {}),
      entries: reused(last?.entries, sortEntries(entries)),
    };
    resources.push(reused(last, next));
  }
  return resources;
}

function isWaiting({ absentSince, announced }: StoredEntry): boolean {
  return absentSince !== undefined && announced === undefined;
}

function storedEntries(slot: Slot): readonly StoredEntry[] {
  const stored = slot.entries.map((entry) => storedEntry(slot, entry));
  if (stored.length < 2) return stored;
  const sums = new Map<string, StoredEntry>();
  for (const entry of stored) {
    const likeness = JSON.stringify({ ...entry, count: 0 });
    sums.set(likeness, { ...entry, count: entry.count + (sums.get(likeness)?.count ?? 0) });
  }
  return [...sums.values()];
}

function storedEntry(slot: Slot, entry: Entry): StoredEntry {
  const { count, since, absentSince, announced, outSince, idleSince, moved } = entry;
  return {
    ...placeOf(slot, count),
    since,
    ...(absentSince === undefined ? undefined : { absentSince }),
    ...(absentSince === undefined || !announced ? undefined : { announced }),
    ...(outSince === undefined ? undefined : { outSince }),
    ...(idleSince === undefined ? undefined : { idleSince }),
    ...(moved ? { moved } : undefined),
  };
}
