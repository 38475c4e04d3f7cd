import type { ResourceRef } from "../resource.ts";
import { type ViolationKey, violationKey } from "../violation.ts";
import { merged } from "./dated.ts";
import type { Instant } from "./instant.ts";
import { changesKeptMs } from "./limits.ts";
import { type Spot, spotOf } from "./spot.ts";
import { partOf } from "./storage/parts.ts";
import type { StoredReport, StoredRow, Transition } from "./stored.ts";
import type { Dated } from "./types.ts";
import { isGenerated } from "./verdict.ts";

/** What the stored report says about one key of one resource. */
export interface Past {
  /** Reported as New; oldest first. */
  readonly new: readonly Dated[];
  /** That is no row of the report: it was announced, and its generated name had no live sibling since. */
  readonly remembered: boolean;
  /** Reported as Known; oldest first. */
  readonly known: readonly Dated[];
  readonly value: string | undefined;
  /** There is a report, but whether this stood in it cannot be told: rows were cut off, or a part is lost. */
  readonly unlisted: boolean;
}

export interface PastReport {
  of(ref: ResourceRef, key: ViolationKey): Past;
  /** Everything that it says something about. */
  spots(): Iterable<{ readonly ref: ResourceRef; readonly key: ViolationKey; readonly spot: Spot }>;
}

interface Rows {
  readonly spot: Spot;
  readonly new: Dated[];
  readonly known: Dated[];
  remembered: boolean;
  value: string | undefined;
}

/** Reads the report that is stored; where there is none, nothing was reported and nothing is unlisted. */
export function readPast(report: StoredReport | undefined, now: Instant): PastReport {
  const rows = new Map<ResourceRef, Map<ViolationKey, Rows>>();
  const cutOff = new Set<ResourceRef>();
  for (const { ref, rows: list, more } of report?.violating ?? []) {
    if (more > 0) cutOff.add(ref);
    for (const row of list) addRow(rowsAt(rows, ref, row), row);
  }
  for (const { ref, spot, found } of remembered(report?.changes ?? [], now)) {
    const known = rows.get(ref)?.get(violationKey(spot));
    if (known !== undefined) continue;
    const at = rowsAt(rows, ref, spot);
    at.new.push(...found);
    at.remembered = true;
  }
  const lost = report?.lost;
  const unlistedRef = (ref: ResourceRef) => cutOff.has(ref) || (lost?.parts.includes(partOf(ref, lost.bits)) ?? false);
  return {
    of(ref, key) {
      const at = rows.get(ref)?.get(key);
      if (at === undefined) return unlistedRef(ref) ? unlisted : nothing;
      const { remembered, value } = at;
      return { new: merged(at.new), known: merged(at.known), remembered, value, unlisted: false };
    },
    *spots() {
      for (const [ref, keys] of rows) for (const [key, { spot }] of keys) yield { ref, key, spot };
    },
  };
}

const nothing: Past = { new: [], known: [], remembered: false, value: undefined, unlisted: false };
const unlisted: Past = { ...nothing, unlisted: true };

function rowsAt(
  rows: Map<ResourceRef, Map<ViolationKey, Rows>>,
  ref: ResourceRef,
  place: Parameters<typeof spotOf>[0],
): Rows {
  const keys = rows.get(ref) ?? new Map<ViolationKey, Rows>();
  rows.set(ref, keys);
  const key = violationKey(place);
  const at = keys.get(key) ?? { spot: spotOf(place), new: [], known: [], remembered: false, value: undefined };
  keys.set(key, at);
  return at;
}

function addRow(at: Rows, { state, since, count, value }: StoredRow): void {
  (state === "New" ? at.new : at.known).push({ since, count });
  at.value ??= value;
}

/**
 * What was announced as New on generated names and not taken back since. Between two runs of a Job nothing of it is in the
 * report, and the next run shall not announce it once more.
 */
function* remembered(changes: readonly Transition[], now: Instant) {
  const ended = new Set<string>();
  const found = new Map<string, { ref: ResourceRef; spot: Spot; found: Dated[] }>();
  for (const change of changes) {
    if (!isGenerated(change.ref) || change.at + changesKeptMs <= now) continue;
    const name = `${change.ref}\n${violationKey(change)}`;
    if (change.to !== "New") ended.add(name);
    if (ended.has(name)) continue;
    const before = found.get(name) ?? { ref: change.ref, spot: spotOf(change), found: [] };
    before.found.push({ since: change.at, count: change.count });
    found.set(name, before);
  }
  yield* found.values();
}
