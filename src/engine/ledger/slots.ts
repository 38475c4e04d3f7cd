import type { ResourceRef } from "../resource.ts";
import type { ViolationKey } from "../violation.ts";
import type { Instant } from "./instant.ts";
import { compareText } from "./order.ts";
import type { Past } from "./past.ts";
import type { Spot } from "./spot.ts";
import type { Dated } from "./types.ts";
import type { Verdict } from "./verdict.ts";

/** Accepted violations of one key that share everything, while a step works on them. */
export interface Entry {
  count: number;
  since: Instant;
  absentSince: Instant | undefined;
  /** Of an absent one: it was told, or is nothing to tell of. */
  announced: boolean;
  outSince: Instant | undefined;
  idleSince: Instant | undefined;
  moved: boolean;
  /** Something that is there now is Known by it. */
  covers: boolean;
}

/**
 * Everything about one key of one resource, while a step works on it: what was reported, what is accepted, what is there.
 * What is there (`seen`) ends up covered by entries, or in exactly one of `old`, `fresh`, `pending` and `hidden`.
 */
export interface Slot extends Spot {
  readonly ref: ResourceRef;
  readonly key: ViolationKey;
  readonly verdict: Verdict;
  /** What an inventory rule finds is reported only after it has held for a while. */
  readonly waits: boolean;
  readonly past: Past;
  readonly value: string | undefined;
  /** How many the evidence shows. */
  readonly found: number;
  /** How many count as there: under incomplete evidence also what was there when it was last known. */
  seen: number;
  entries: readonly Entry[];
  /** New and reported as New before; oldest first. */
  old: readonly Dated[];
  /** New and not reported before. */
  fresh: readonly Dated[];
  /** Of an inventory rule and not held for long enough. */
  pending: readonly Dated[];
  /** Not reported, because it will be adopted as soon as the evidence of its kind or rule is complete. */
  hidden: readonly Dated[];
}

/** The slots of one step, found by resource; sorted by it and by key, so that whatever is decided in turn is decided alike every time. */
export class SlotTable {
  readonly #byRef: ReadonlyMap<ResourceRef, readonly Slot[]>;
  readonly #all: readonly Slot[];

  /** @param slots of each resource that has any: one per key */
  constructor(slots: ReadonlyMap<ResourceRef, readonly Slot[]>) {
    const sorted = new Map<ResourceRef, readonly Slot[]>();
    for (const ref of [...slots.keys()].sort()) sorted.set(ref, byKey(slots.get(ref) ?? []));
    this.#byRef = sorted;
    this.#all = [...sorted.values()].flat();
  }

  all(): readonly Slot[] {
    return this.#all;
  }

  ofResource(ref: ResourceRef): readonly Slot[] {
    return this.#byRef.get(ref) ?? [];
  }

  /** Each resource with its slots, in order. */
  byResource(): Iterable<readonly [ResourceRef, readonly Slot[]]> {
    return this.#byRef;
  }
}

/** What was stored comes in this order. */
function byKey(slots: readonly Slot[]): readonly Slot[] {
  const isSorted = slots.every(({ key }, at) => at === 0 || (slots[at - 1]?.key ?? "") <= key);
  return isSorted ? slots : slots.toSorted((a, b) => compareText(a.key, b.key));
}

/** Takes `count` out of an entry: the part taken, which stands beside the rest in the slot from then on. */
export function splitEntry(slot: Slot, entry: Entry, count: number): Entry {
  if (count >= entry.count) return entry;
  const taken = { ...entry, count };
  entry.count -= count;
  slot.entries = [...slot.entries, taken];
  return taken;
}

/** Leaves the list as it is for whoever goes through it. */
export function removeEntry(slot: Slot, entry: Entry): void {
  slot.entries = slot.entries.filter((other) => other !== entry);
}

export function coveredCount(slot: Slot): number {
  return slot.entries.reduce((sum, { covers, count }) => sum + (covers ? count : 0), 0);
}
