import type { ResourceRef } from "../resource.ts";
import { type ViolationKey, violationKey } from "../violation.ts";
import { merged, none } from "./dated.ts";
import type { Instant } from "./instant.ts";
import { changesKeptMs } from "./limits.ts";
import type { Spot } from "./spot.ts";
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

export interface PastResource {
  at(key: ViolationKey): Past;
  /** Everything that the report says something about. */
  readonly keys: ReadonlyMap<ViolationKey, Past & { readonly spot: Spot }>;
}

export interface PastReport {
  of(ref: ResourceRef): PastResource;
  /** All resources that it says something about. */
  refs(): Iterable<ResourceRef>;
}

/** What is known of a key, while the report is read. */
interface Told extends Past {
  readonly spot: Spot;
  new: readonly Dated[];
  known: readonly Dated[];
  remembered: boolean;
  value: string | undefined;
}

type ToldByKey = Map<ViolationKey, Told>;

const noKeys: ReadonlyMap<ViolationKey, Told> = new Map();

/** Reads the report that is stored; where there is none, nothing was reported and nothing is unlisted. */
export function readPast(report: StoredReport | undefined, now: Instant): PastReport {
  const told = new Map<ResourceRef, ToldByKey>();
  const cutOff = new Set<ResourceRef>();
  for (const { ref, rows, more } of report?.violating ?? []) {
    if (more > 0) cutOff.add(ref);
    const keys = keysAt(told, ref);
    for (const row of rows) addRow(toldAt(keys, violationKey(row), row), row);
  }
  for (const { ref, spot, found } of remembered(report?.changes ?? [], now)) {
    const keys = keysAt(told, ref);
    const key = violationKey(spot);
    if (keys.has(key)) continue;
    const at = toldAt(keys, key, spot);
    at.new = merged(found);
    at.remembered = true;
  }
  const lost = report?.lost;
  const unlistedRef = (ref: ResourceRef) => cutOff.has(ref) || (lost?.parts.includes(partOf(ref, lost.bits)) ?? false);
  return {
    of(ref) {
      const keys = told.get(ref) ?? noKeys;
      const other = unlistedRef(ref) ? unlisted : nothing;
      return { keys, at: (key) => keys.get(key) ?? other };
    },
    refs: () => told.keys(),
  };
}

const nothing: Past = { new: none, known: none, remembered: false, value: undefined, unlisted: false };
const unlisted: Past = { ...nothing, unlisted: true };

function keysAt(told: Map<ResourceRef, ToldByKey>, ref: ResourceRef): ToldByKey {
  const known = told.get(ref);
  if (known !== undefined) return known;
  const keys: ToldByKey = new Map();
  told.set(ref, keys);
  return keys;
}

function toldAt(keys: ToldByKey, key: ViolationKey, spot: Spot): Told {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const told: Told = { spot, new: none, known: none, remembered: false, value: undefined, unlisted: false };
  keys.set(key, told);
  return told;
}

function addRow(told: Told, { state, since, count, value }: StoredRow): void {
  const item = [{ since, count }];
  if (state === "New") told.new = merged(told.new.length === 0 ? item : [...told.new, ...item]);
  else told.known = merged(told.known.length === 0 ? item : [...told.known, ...item]);
  told.value ??= value;
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
    const before = found.get(name) ?? { ref: change.ref, spot: change, found: [] };
    before.found.push({ since: change.at, count: change.count });
    found.set(name, before);
  }
  yield* found.values();
}
