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
  readonly past: Past;
  readonly value: string | undefined;
  /** How many the evidence shows. */
  readonly found: number;
  /** How many count as there: under incomplete evidence also what was there when it was last known. */
  readonly seen: number;
  entries: Entry[];
  /** New and reported as New before; oldest first. */
  old: Dated[];
  /** New and not reported before. */
  fresh: Dated[];
  /** Of an inventory rule and not held for long enough. */
  pending: Dated[];
  /** Not reported, because it will be adopted as soon as the evidence of its kind or rule is complete. */
  hidden: Dated[];
}

/** The slots of one step, found by resource and key. */
export class SlotTable {
  readonly #byRef = new Map<ResourceRef, Map<ViolationKey, Slot>>();
  readonly #all: Slot[];

  /** @param slots sorted by resource and key, so that whatever is decided in turn is decided alike every time */
  constructor(slots: readonly Slot[]) {
    this.#all = slots.toSorted((a, b) => compareText(a.ref, b.ref) || compareText(a.key, b.key));
    for (const slot of this.#all) {
      const keys = this.#byRef.get(slot.ref);
      if (keys === undefined) this.#byRef.set(slot.ref, new Map([[slot.key, slot]]));
      else keys.set(slot.key, slot);
    }
  }

  all(): readonly Slot[] {
    return this.#all;
  }

  ofResource(ref: ResourceRef): readonly Slot[] {
    return [...(this.#byRef.get(ref)?.values() ?? [])];
  }

  refs(): readonly ResourceRef[] {
    return [...this.#byRef.keys()];
  }
}

/** Takes `count` out of an entry: the part taken, which stands beside the rest in the slot from then on. */
export function splitEntry(slot: Slot, entry: Entry, count: number): Entry {
  if (count >= entry.count) return entry;
  const taken = { ...entry, count };
  entry.count -= count;
  slot.entries.push(taken);
  return taken;
}

/** Leaves the list as it is for whoever goes through it. */
export function removeEntry(slot: Slot, entry: Entry): void {
  slot.entries = slot.entries.filter((other) => other !== entry);
}

export function coveredCount(slot: Slot): number {
  return slot.entries.reduce((sum, { covers, count }) => sum + (covers ? count : 0), 0);
}
