import type { ResourceRef } from "../resource.ts";
import { sortEntries } from "./order.ts";
import type { Entry, Slot, SlotTable } from "./slots.ts";
import { placeOf, type Spot } from "./spot.ts";
import type { StoredEntry, StoredResource } from "./stored.ts";

/** The entries of all slots as the Baseline holds them: equal ones put together, sorted. */
export function closeEntries(slots: SlotTable, shapes: ReadonlyMap<ResourceRef, string>): StoredResource[] {
  return slots.refs().flatMap((ref) => {
    const entries = slots.ofResource(ref).flatMap(storedEntries);
    const shape = shapes.get(ref);
    if (entries.length === 0) return [];
    return [{ ref, ...(shape === undefined || shape === "" ? {} : { shape }), entries: sortEntries(entries) }];
  });
}

function storedEntries(slot: Slot): StoredEntry[] {
  const entries = new Map<string, StoredEntry>();
  for (const entry of slot.entries) {
    const stored = storedEntry(slot, entry);
    const likeness = JSON.stringify({ ...stored, count: 0 });
    entries.set(likeness, { ...stored, count: stored.count + (entries.get(likeness)?.count ?? 0) });
  }
  return [...entries.values()];
}

function storedEntry(
  spot: Spot,
  { count, since, absentSince, announced, outSince, idleSince, moved }: Entry,
): StoredEntry {
  return {
    ...placeOf(spot, count),
    since,
    ...(absentSince === undefined ? {} : { absentSince }),
    ...(absentSince === undefined || !announced ? {} : { announced }),
    ...(outSince === undefined ? {} : { outSince }),
    ...(idleSince === undefined ? {} : { idleSince }),
    ...(moved ? { moved } : {}),
  };
}
