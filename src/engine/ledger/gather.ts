import type { ResourceRef } from "../resource.ts";
import { type ViolationKey, violationKey } from "../violation.ts";
import type { Completeness } from "./completeness.ts";
import { total } from "./dated.ts";
import type { Opening } from "./opening.ts";
import type { Past, PastReport } from "./past.ts";
import { type Entry, type Slot, SlotTable } from "./slots.ts";
import { type Spot, spotOf } from "./spot.ts";
import type { StoredEntry } from "./stored.ts";
import type { LedgerInput, ResourceEvidence } from "./types.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

/** Lays the accepted, the reported, the waiting and the found side by side: a slot for every key of which any of them speaks. */
export function gatherSlots(input: LedgerInput, opening: Opening, past: PastReport, complete: Completeness): SlotTable {
  const { evidence, policy, memory, stored } = input;
  const spots = new Map<ResourceRef, Map<ViolationKey, { spot: Spot; entries: Entry[] }>>();
  const at = (ref: ResourceRef, key: ViolationKey, spot: Spot) => {
    const keys = spots.get(ref) ?? new Map<ViolationKey, { spot: Spot; entries: Entry[] }>();
    spots.set(ref, keys);
    const known = keys.get(key) ?? { spot, entries: [] };
    keys.set(key, known);
    return known;
  };
  for (const { ref, entries } of opening.baseline?.resources ?? [])
    for (const entry of entries) at(ref, violationKey(entry), spotOf(entry)).entries.push(workingEntry(entry));
  for (const { ref, key, spot } of past.spots()) at(ref, key, spot);
  for (const [ref, { violations }] of evidence.resources)
    for (const [key, { violation }] of violations)
      if (policy.rules.has(violation.rule)) at(ref, key, spotOf(violation));
  for (const [ref, clocks] of memory.pending) for (const key of clocks.keys()) at(ref, key, spotOfKey(key));
  const slots: Slot[] = [];
  for (const [ref, keys] of spots) {
    const resource = evidence.resources.get(ref);
    for (const [key, { spot, entries }] of keys) {
      const verdict = verdictOn(ref, spot.rule, evidence, policy, complete);
      const reported = past.of(ref, key);
      slots.push({
        ...spot,
        ref,
        key,
        verdict,
        past: reported,
        value: resource?.violations.get(key)?.violation.value ?? reported.value,
        found: foundCount(resource, key, verdict),
        seen: seenCount(resource, key, verdict, reported, entries, stored.report !== undefined),
        entries,
        old: [],
        fresh: [],
        pending: [],
        hidden: [],
      });
    }
  }
  return new SlotTable(slots);
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

function foundCount(resource: ResourceEvidence | undefined, key: ViolationKey, verdict: Verdict): number {
  return verdict === "judged" || verdict === "frozen" ? (resource?.violations.get(key)?.count ?? 0) : 0;
}

/** Under incomplete evidence what was there when it was last known is there still. */
function seenCount(
  resource: ResourceEvidence | undefined,
  key: ViolationKey,
  verdict: Verdict,
  past: Past,
  entries: readonly Entry[],
  reported: boolean,
): number {
  const found = foundCount(resource, key, verdict);
  if (verdict !== "frozen") return found;
  const wasThere = total(past.known) + (past.remembered ? 0 : total(past.new));
  const standing = total(entries.filter(isStanding));
  return Math.max(found, wasThere, !reported || past.unlisted ? standing : 0);
}

/** Accepted and there when it was last looked at. */
export function isStanding({ absentSince, outSince, idleSince }: Entry): boolean {
  return absentSince === undefined && outSince === undefined && idleSince === undefined;
}
