import type { ResourceRef } from "../resource.ts";
import { type ViolationKey, violationKey } from "../violation.ts";
import type { Completeness } from "./completeness.ts";
import { none, total } from "./dated.ts";
import type { Opening } from "./opening.ts";
import type { Past, PastReport } from "./past.ts";
import { type Entry, type Slot, SlotTable } from "./slots.ts";
import { isSameSpot, type Spot } from "./spot.ts";
import type { StoredEntry } from "./stored.ts";
import type { CountedViolation, LedgerInput, ResourceEvidence } from "./types.ts";
import { verdictsOn } from "./verdict.ts";

/** Lays the accepted, the reported, the waiting and the found side by side: a slot for every key of which any of them speaks. */
export function gatherSlots(input: LedgerInput, opening: Opening, past: PastReport, complete: Completeness): SlotTable {
  const { evidence, policy, memory, stored } = input;
  const accepted = Map.groupBy(opening.baseline?.resources ?? [], ({ ref }) => ref);
  const violating = [...evidence.resources.values()].filter(({ violations }) => violations.size > 0);
  const refs = [accepted.keys(), past.refs(), violating.map(({ ref }) => ref), memory.pending.keys()];
  const slots = new Map<ResourceRef, readonly Slot[]>();
  for (const ref of new Set(refs.flatMap((some) => [...some]))) {
    const told = past.of(ref);
    const violations = evidence.resources.get(ref)?.violations ?? noViolations;
    const verdictOf = verdictsOn(ref, evidence, complete);
    const own = new Map<ViolationKey, Slot>();
    let slotted = 0;
    const slotOf = (key: ViolationKey, spot: Spot, of: Past): Slot => {
      const counted = violations.get(key);
      if (counted !== undefined) slotted += 1;
      const rule = policy.rules.get(spot.rule);
      const verdict = rule === undefined ? "out" : verdictOf(spot.rule);
      const slot = emptySlot(ref, key, spot, { verdict, waits: rule?.scope === "inventory" }, of, counted);
      own.set(key, slot);
      return slot;
    };
    const slotAt = (key: ViolationKey, spot: Spot) => own.get(key) ?? slotOf(key, spot, told.at(key));
    for (const [key, of] of told.keys) slotOf(key, of.spot, of);
    // Rows and entries stand in the same order: where they speak of the same, no key has to be put together.
    const inOrder = own.values();
    for (const { entries } of accepted.get(ref) ?? [])
      for (const entry of entries) {
        const next = inOrder.next().value;
        const slot = next !== undefined && isSameSpot(next, entry) ? next : slotAt(violationKey(entry), entry);
        const working = workingEntry(entry);
        slot.entries = slot.entries.length === 0 ? [working] : [...slot.entries, working];
      }
    if (slotted < violations.size)
      for (const [key, { violation }] of violations) if (policy.rules.has(violation.rule)) slotAt(key, violation);
    for (const key of memory.pending.get(ref)?.keys() ?? []) slotAt(key, spotOfKey(key));
    for (const slot of own.values())
      if (slot.verdict === "frozen") slot.seen = frozenCount(slot, stored.report !== undefined);
    if (own.size > 0) slots.set(ref, [...own.values()]);
  }
  return new SlotTable(slots);
}

const noViolations: ResourceEvidence["violations"] = new Map();

const noEntries: readonly Entry[] = [];

function emptySlot(
  ref: ResourceRef,
  key: ViolationKey,
  { rule, path, class: valueClass }: Spot,
  { verdict, waits }: Pick<Slot, "verdict" | "waits">,
  past: Past,
  counted: CountedViolation | undefined,
): Slot {
  const found = verdict === "judged" || verdict === "frozen" ? (counted?.count ?? 0) : 0;
  return {
    rule,
    path,
    class: valueClass,
    ref,
    key,
    verdict,
    waits,
    past,
    value: counted?.violation.value ?? past.value,
    found,
    seen: found,
    entries: noEntries,
    old: none,
    fresh: none,
    pending: none,
    hidden: none,
  };
}

function workingEntry({ count, since, absentSince, announced, outSince, idleSince, moved }: StoredEntry): Entry {
  return {
    count,
    since,
    absentSince,
    announced: announced ?? false,
    outSince,
    idleSince,
    moved: moved ?? false,
    covers: false,
  };
}

function spotOfKey(key: ViolationKey): Spot {
  const [rule = "", path = "", valueClass] = key.split("\n");
  return { rule, path, class: valueClass };
}

/** Under incomplete evidence what was there when it was last known is there still. */
function frozenCount({ found, past, entries }: Slot, reported: boolean): number {
  const wasThere = total(past.known) + (past.remembered ? 0 : total(past.new));
  const standing = total(entries.filter(isStanding));
  return Math.max(found, wasThere, !reported || past.unlisted ? standing : 0);
}

/** Accepted and there when it was last looked at. */
export function isStanding({ absentSince, outSince, idleSince }: Entry): boolean {
  return absentSince === undefined && outSince === undefined && idleSince === undefined;
}
