import {
  type Baseline,
  type BaselineEntry,
  type BaselineResource,
  type BaselineRule,
  baselineKind,
} from "../../../api/baseline.ts";
import { apiVersion } from "../../../api/group.ts";
import { labels } from "../../../api/names.ts";
import { PolicyMatch } from "../../../api/policy-match.ts";
import { readStored } from "../../../api/read-stored.ts";
import { ownershipOf } from "../../ownership/ownership.ts";
import type { KubeObject } from "../../resource.ts";
import { integerAt } from "../../views/fields.ts";
import { formatInstant, type Instant, parseInstant } from "../instant.ts";
import { byRef, sortEntries } from "../order.ts";
import type { AdoptedRule, StoredBaseline, StoredEntry, StoredResource } from "../stored.ts";
import {
  type Decoded,
  describeDropped,
  differs,
  type EncodeOptions,
  type LedgerId,
  mergeMetadata,
  nameOf,
  type ObjectWrites,
} from "./objects.ts";
import { bitsFor, grownFirst, jsonBytes, missingParts, parsePartNumber, partNumber, spread } from "./parts.ts";

/** `<policy>.ns.<namespace>`, `<policy>.cluster`; parts have `.<n>` behind it. */
export function baselineName(id: LedgerId): string {
  return id.namespace === undefined ? `${id.policy.name}.cluster` : `${id.policy.name}.ns.${id.namespace}`;
}

/** Labels by which all Baselines of a ledger are found. */
export function baselineLabels(id: LedgerId): Record<string, string> {
  return {
    [labels.policy]: id.policy.name,
    ...(id.namespace === undefined ? {} : { [labels.namespace]: id.namespace }),
  };
}

/** Puts a ledger's Baseline together from its objects, in any order; what has another name is left out. */
export function decodeBaseline(objects: readonly KubeObject[], id: LedgerId): Decoded<StoredBaseline> {
  const dropped: string[] = [];
  const read = new Map<string, Baseline>();
  for (const object of objects) {
    const reading = readStored(baselineKind, object);
    dropped.push(...describeDropped(object, reading.dropped));
    if (reading.ok) read.set(reading.value.metadata.name, reading.value);
  }
  const name = baselineName(id);
  const main = read.get(name);
  if (main === undefined) return { stored: undefined, dropped };
  const bits = main.k ?? 0;
  const parts = new Map<number, Baseline>();
  for (const [partName, part] of read) {
    if (partName === name) continue;
    const number = partName.startsWith(`${name}.`)
      ? parsePartNumber(Number(partName.slice(name.length + 1)))
      : undefined;
    if (number === undefined) dropped.push(`${partName}: is no part of ${name}`);
    else if (number.bits !== bits || part.k !== bits || part.part !== number.part)
      dropped.push(`${partName}: is a part of another k than the ${bits} of ${name}`);
    else parts.set(number.part, part);
  }
  const missing = bits === 0 ? [] : missingParts(bits, parts.keys());
  const resources = [main, ...parts.values()].flatMap((object) => object.resources);
  return { stored: storedBaseline(main, resources, bits, missing), dropped };
}

function storedBaseline(
  main: Baseline,
  resources: readonly BaselineResource[],
  bits: number,
  missing: readonly number[],
): StoredBaseline {
  const takenAt = parseInstant(main.takenAt);
  const match = PolicyMatch.safeParse(main.match);
  return {
    takenAt,
    fixed: main.fixed,
    match: match.success ? match.data : undefined,
    kinds: main.kinds,
    rules: new Map(Object.entries(main.rules).map(([rule, stored]) => [rule, adoptedRule(stored)])),
    holes: new Map(Object.entries(main.holes).map(([name, since]) => [name, parseInstant(since)])),
    ...(main.unreported === true ? { unreported: true } : {}),
    ...optionalInstants(main),
    resources: resources.map((resource) => storedResource(resource, takenAt)).sort(byRef),
    ...(missing.length > 0 ? { lost: { bits, parts: missing } } : {}),
  };
}

function adoptedRule({ adopted, ...rule }: BaselineRule): AdoptedRule {
  return { ...rule, ...(adopted === undefined ? {} : { adopted: { ...adopted, at: parseInstant(adopted.at) } }) };
}

function baselineRule({ adopted, ...rule }: AdoptedRule): BaselineRule {
  return { ...rule, ...(adopted === undefined ? {} : { adopted: { ...adopted, at: formatInstant(adopted.at) } }) };
}

function optionalInstants(main: Baseline) {
  return {
    ...(main.outOfScopeSince === undefined ? {} : { outOfScopeSince: parseInstant(main.outOfScopeSince) }),
    ...(main.orphanedSince === undefined ? {} : { orphanedSince: parseInstant(main.orphanedSince) }),
    ...(main.namespaceGoneSince === undefined ? {} : { namespaceGoneSince: parseInstant(main.namespaceGoneSince) }),
  };
}

function storedResource({ ref, shape, owner, source, entries }: BaselineResource, takenAt: Instant): StoredResource {
  return {
    ref,
    ...(shape === undefined ? {} : { shape }),
    ...ownershipOf(owner, source),
    entries: sortEntries(entries.map((entry) => storedEntry(entry, takenAt))),
  };
}

function storedEntry(entry: BaselineEntry, takenAt: Instant): StoredEntry {
  const { rule, path, class: valueClass, count = 1, since, absentSince, announced, outSince, idleSince, moved } = entry;
  return {
    rule,
    path,
    ...(valueClass === undefined ? {} : { class: valueClass }),
    count,
    since: since === undefined ? takenAt : parseInstant(since),
    ...(absentSince === undefined ? {} : { absentSince: parseInstant(absentSince) }),
    ...(announced === true ? { announced } : {}),
    ...(outSince === undefined ? {} : { outSince: parseInstant(outSince) }),
    ...(idleSince === undefined ? {} : { idleSince: parseInstant(idleSince) }),
    ...(moved === true ? { moved } : {}),
  };
}

/**
 * What to write so that `existing` say `stored`. An undefined `stored` writes and deletes nothing: a Baseline is deleted by the
 * operator alone.
 */
export function encodeBaseline(
  stored: StoredBaseline | undefined,
  id: LedgerId,
  existing: readonly KubeObject[],
  options: EncodeOptions,
): ObjectWrites<Baseline> {
  if (stored === undefined) return { puts: [], deletes: [] };
  const before = new Map(existing.map((object) => [nameOf(object), object]));
  const name = baselineName(id);
  const resources = stored.resources.map((resource) => resourceOf(resource, stored.takenAt));
  const bits = chooseBits(stored, id, resources, before.get(name), options);
  const main = mainObject(stored, id, bits === 0 ? resources : [], bits, before.get(name));
  const parts =
    bits === 0 ? [] : spread(resources, bits).map((held, part) => partObject(stored, id, held, bits, part, before));
  const changed = parts
    .filter((put) => differs(put, before.get(put.metadata.name)))
    .map((put) => ({ put, growth: jsonBytes(put) - sizeOf(before.get(put.metadata.name)) }));
  const wanted = new Set([name, ...parts.map(({ metadata }) => metadata.name)]);
  return {
    puts: [...grownFirst(changed), ...(differs(main, before.get(name)) ? [main] : [])],
    deletes: [...before.keys()]
      .filter((other) => other.startsWith(`${name}.`) && !wanted.has(other))
      .sort()
      .map((other) => ({ kind: baselineKind.kind, name: other })),
  };
}

function sizeOf(object: KubeObject | undefined): number {
  return object === undefined ? 0 : jsonBytes(object);
}

function chooseBits(
  stored: StoredBaseline,
  id: LedgerId,
  resources: readonly BaselineResource[],
  existing: KubeObject | undefined,
  { mayShrink }: EncodeOptions,
): number {
  const mainBytes = jsonBytes(mainObject(stored, id, [], 0, existing));
  const partBytes = jsonBytes(partObject(stored, id, [], 1, 0, new Map())) + 64;
  const needed = bitsFor(resources, mainBytes, partBytes);
  const current = existing === undefined ? 0 : (integerAt(existing, "k") ?? 0);
  return mayShrink ? needed : Math.max(needed, current);
}

function mainObject(
  stored: StoredBaseline,
  id: LedgerId,
  resources: readonly BaselineResource[],
  bits: number,
  existing: KubeObject | undefined,
): Baseline {
  const { takenAt, fixed, match, kinds, rules, holes, unreported, outOfScopeSince, orphanedSince, namespaceGoneSince } =
    stored;
  return {
    ...head(id, baselineName(id), existing),
    takenAt: formatInstant(takenAt),
    fixed,
    entryCount: countEntries(stored.resources),
    match: { ...match },
    kinds,
    rules: Object.fromEntries([...rules].map(([rule, adopted]) => [rule, baselineRule(adopted)])),
    holes: Object.fromEntries([...holes].map(([hole, since]) => [hole, formatInstant(since)])),
    ...(unreported === undefined ? {} : { unreported }),
    ...(outOfScopeSince === undefined ? {} : { outOfScopeSince: formatInstant(outOfScopeSince) }),
    ...(orphanedSince === undefined ? {} : { orphanedSince: formatInstant(orphanedSince) }),
    ...(namespaceGoneSince === undefined ? {} : { namespaceGoneSince: formatInstant(namespaceGoneSince) }),
    resources,
    ...(bits === 0 ? {} : { k: bits }),
  };
}

/** A part says nothing but its entries; all else stands in the main object. */
function partObject(
  stored: StoredBaseline,
  id: LedgerId,
  resources: readonly BaselineResource[],
  bits: number,
  part: number,
  before: ReadonlyMap<string, KubeObject>,
): Baseline {
  const name = `${baselineName(id)}.${partNumber(part, bits)}`;
  return {
    ...head(id, name, before.get(name)),
    takenAt: formatInstant(stored.takenAt),
    fixed: 0,
    entryCount: resources.reduce((sum, { entries }) => sum + countOf(entries), 0),
    match: {},
    kinds: [],
    rules: {},
    holes: {},
    resources,
    k: bits,
    part,
  };
}

function head(id: LedgerId, name: string, existing: KubeObject | undefined) {
  return {
    apiVersion,
    kind: baselineKind.kind,
    metadata: mergeMetadata(existing, { name, labels: baselineLabels(id) }),
    format: 1,
    policyRef: { name: id.policy.name },
    ...(id.namespace === undefined ? {} : { namespace: id.namespace }),
  } as const;
}

function countEntries(resources: readonly StoredResource[]): number {
  return resources.reduce((sum, { entries }) => sum + countOf(entries), 0);
}

function countOf(entries: readonly { readonly count?: number }[]): number {
  return entries.reduce((sum, { count = 1 }) => sum + count, 0);
}

function resourceOf({ ref, shape, owner, source, entries }: StoredResource, takenAt: Instant): BaselineResource {
  return {
    ref,
    ...(shape === undefined ? {} : { shape }),
    ...ownershipOf(owner, source),
    entries: entries.map((entry) => entryOf(entry, takenAt)),
  };
}

function entryOf(entry: StoredEntry, takenAt: Instant): BaselineEntry {
  const { count, since, absentSince, outSince, idleSince, ...rest } = entry;
  return {
    ...rest,
    ...(count === 1 ? {} : { count }),
    ...(since === takenAt ? {} : { since: formatInstant(since) }),
    ...(absentSince === undefined ? {} : { absentSince: formatInstant(absentSince) }),
    ...(outSince === undefined ? {} : { outSince: formatInstant(outSince) }),
    ...(idleSince === undefined ? {} : { idleSince: formatInstant(idleSince) }),
  };
}
