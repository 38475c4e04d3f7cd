import { apiVersion } from "../../../api/group.ts";
import type { KindDefinition } from "../../../api/kind-definition.ts";
import { labels } from "../../../api/names.ts";
import { policyKind } from "../../../api/policy.ts";
import { readStored } from "../../../api/read-stored.ts";
import {
  type Change,
  type ClusterScanReport,
  clusterScanReportKind,
  type ScanReport,
  scanReportKind,
} from "../../../api/scan-report.ts";
import {
  type ClusterScanReportPart,
  clusterScanReportPartKind,
  type ScanReportPart,
  scanReportPartKind,
} from "../../../api/scan-report-part.ts";
import type { Row, ViolatingResource } from "../../../api/violating.ts";
import { ownershipOf } from "../../ownership/ownership.ts";
import type { KubeObject } from "../../resource.ts";
import { integerAt, textAt } from "../../views/fields.ts";
import { formatInstant, type Instant, parseInstant } from "../instant.ts";
import { byRef, sortRows } from "../order.ts";
import type { Place, StoredReport, StoredRow, StoredViolating, Transition } from "../stored.ts";
import {
  type Decoded,
  describeDropped,
  differs,
  type EncodeOptions,
  type LedgerId,
  mergeMetadata,
  nameOf,
  type ObjectWrites,
  ownerReference,
} from "./objects.ts";
import { bitsFor, grownFirst, jsonBytes, missingParts, parsePartNumber, partNumber, spread } from "./parts.ts";

export type ReportObject = ScanReport | ClusterScanReport;
export type ReportPartObject = ScanReportPart | ClusterScanReportPart;

/** The kinds that hold a ledger's report. */
function kindsOf(id: LedgerId) {
  return id.namespace === undefined
    ? { report: clusterScanReportKind, part: clusterScanReportPartKind }
    : { report: scanReportKind, part: scanReportPartKind };
}

/** Puts a ledger's report together from the report and its parts, in any order. */
export function decodeReport(objects: readonly KubeObject[], id: LedgerId): Decoded<StoredReport> {
  const kinds = kindsOf(id);
  const dropped: string[] = [];
  const read = <T>(definition: KindDefinition, object: KubeObject): T | undefined => {
    const reading = readStored(definition, object);
    dropped.push(...describeDropped(object, reading.dropped));
    return reading.ok ? (reading.value as T) : undefined;
  };
  const main = objects
    .filter((object) => textAt(object, "kind") === kinds.report.kind && nameOf(object) === id.policy.name)
    .map((object) => read<ReportObject>(kinds.report, object))
    .at(0);
  if (main === undefined) return { stored: undefined, dropped };
  const bits = main.parts === 0 ? 0 : (main.partBits ?? 0);
  const parts = new Map<number, readonly ViolatingResource[]>();
  for (const object of objects) {
    if (textAt(object, "kind") !== kinds.part.kind) continue;
    const part = read<ReportPartObject>(kinds.part, object);
    if (part === undefined) continue;
    const number = parsePartNumber(Number(nameOf(object).slice(id.policy.name.length + 1)));
    if (number === undefined || number.part !== part.part || part.k !== bits || number.bits !== bits)
      dropped.push(`${nameOf(object)}: is a part of another k than the ${bits} of ${id.policy.name}`);
    else parts.set(part.part, part.violating);
  }
  const missing = bits === 0 ? [] : missingParts(bits, parts.keys());
  const violating = [main.violating, ...parts.values()].flat();
  return { stored: storedReport(main, violating, bits, missing), dropped };
}

function storedReport(
  main: ReportObject,
  violating: readonly ViolatingResource[],
  bits: number,
  missing: readonly number[],
): StoredReport {
  const { baselineTakenAt, summary, changedAt, rules, changes, changesDropped, history, unverified, problems } = main;
  const takenAt = baselineTakenAt === undefined ? undefined : parseInstant(baselineTakenAt);
  const defaultSince = takenAt ?? parseInstant(changedAt);
  return {
    ...(takenAt === undefined ? {} : { baselineTakenAt: takenAt }),
    summary,
    changedAt: parseInstant(changedAt),
    rules: new Map(Object.entries(rules)),
    violating: violating.map((resource) => storedViolating(resource, defaultSince)).sort(byRef),
    changes: changes.map(({ at, class: valueClass, count = 1, ...change }) => ({
      ...change,
      at: parseInstant(at),
      ...(valueClass === undefined ? {} : { class: valueClass }),
      count,
    })),
    changesDropped: changesDropped ?? 0,
    history,
    unverified,
    problems,
    ...(missing.length > 0 ? { lost: { bits, parts: missing } } : {}),
  };
}

function storedViolating(
  { ref, owner, source, rows, more = 0 }: ViolatingResource,
  defaultSince: Instant,
): StoredViolating {
  return { ...ownershipOf(owner, source), ref, rows: sortRows(rows.map((row) => storedRow(row, defaultSince))), more };
}

function storedRow(
  { class: valueClass, count = 1, state = "Known", since, moved, value, ...place }: Row,
  defaultSince: Instant,
): StoredRow {
  return {
    ...place,
    ...(valueClass === undefined ? {} : { class: valueClass }),
    count,
    state,
    since: since === undefined ? defaultSince : parseInstant(since),
    ...(moved === true ? { moved } : {}),
    ...(value === undefined ? {} : { value }),
  };
}

/**
 * What to write so that `existing` (the report and its parts) say `stored`. Parts of a report that does not exist yet come after
 * it and lack their ownerReference: give them one with `ownedBy` once its uid is known.
 */
export function encodeReport(
  stored: StoredReport,
  id: LedgerId,
  existing: readonly KubeObject[],
  options: EncodeOptions,
): ObjectWrites<ReportObject | ReportPartObject> {
  const kinds = kindsOf(id);
  const named = (kind: string) =>
    new Map(existing.filter((object) => textAt(object, "kind") === kind).map((object) => [nameOf(object), object]));
  const before = named(kinds.report.kind).get(id.policy.name);
  const partsBefore = named(kinds.part.kind);
  const violating = stored.violating.map((resource) => violatingOf(resource, stored.baselineTakenAt));
  const bits = chooseBits(stored, id, violating, before, options);
  const main = mainObject(stored, id, bits === 0 ? violating : [], bits, before);
  const uid = textAt(before, "metadata", "uid");
  const parts =
    bits === 0 ? [] : spread(violating, bits).map((held, part) => partObject(id, held, bits, part, uid, partsBefore));
  const changed = parts
    .filter((put) => differs(put, partsBefore.get(put.metadata.name)))
    .map((put) => ({ put, growth: jsonBytes(put) - jsonBytes(partsBefore.get(put.metadata.name) ?? "") }));
  const wanted = new Set<string>(parts.map(({ metadata }) => metadata.name));
  const mainPut = differs(main, before) ? [main] : [];
  return {
    puts: before === undefined ? [...mainPut, ...grownFirst(changed)] : [...grownFirst(changed), ...mainPut],
    deletes: [...partsBefore.keys()]
      .filter((name) => name.startsWith(`${id.policy.name}.`) && !wanted.has(name))
      .sort()
      .map((name) => ({ kind: kinds.part.kind, name })),
  };
}

/** The part as the report's own, so that it goes with it. */
export function ownedBy(
  part: ReportPartObject,
  report: { readonly kind: string; readonly name: string; readonly uid: string },
): ReportPartObject {
  const ownerReferences = [ownerReference(report.kind, report.name, report.uid)];
  return { ...part, metadata: { ...part.metadata, ownerReferences } };
}

function chooseBits(
  stored: StoredReport,
  id: LedgerId,
  violating: readonly ViolatingResource[],
  existing: KubeObject | undefined,
  { mayShrink }: EncodeOptions,
): number {
  const mainBytes = jsonBytes(mainObject(stored, id, [], 0, existing));
  const partBytes = jsonBytes(partObject(id, [], 10, 1023, "00000000-0000-0000-0000-000000000000", new Map()));
  const needed = bitsFor(violating, mainBytes, partBytes);
  return mayShrink ? needed : Math.max(needed, integerAt(existing, "partBits") ?? 0);
}

function mainObject(
  stored: StoredReport,
  id: LedgerId,
  violating: readonly ViolatingResource[],
  bits: number,
  existing: KubeObject | undefined,
): ReportObject {
  const { baselineTakenAt, summary, changedAt, rules, changes, changesDropped, history, unverified, problems } = stored;
  const { name, uid } = id.policy;
  return {
    apiVersion,
    kind: kindsOf(id).report.kind,
    metadata: mergeMetadata(existing, {
      ...place(id, name),
      ownerReferences: [ownerReference(policyKind.kind, name, uid)],
    }),
    policyRef: { kind: policyKind.kind, name },
    ...(baselineTakenAt === undefined ? {} : { baselineTakenAt: formatInstant(baselineTakenAt) }),
    summary,
    changedAt: formatInstant(changedAt),
    rules: Object.fromEntries(rules),
    violating,
    changes: changes.map(changeOf),
    ...(changesDropped === 0 ? {} : { changesDropped }),
    history,
    unverified,
    problems,
    parts: bits === 0 ? 0 : 2 ** bits,
    ...(bits === 0 ? {} : { partBits: bits }),
  } as ReportObject;
}

function partObject(
  id: LedgerId,
  violating: readonly ViolatingResource[],
  bits: number,
  part: number,
  reportUid: string | undefined,
  before: ReadonlyMap<string, KubeObject>,
): ReportPartObject {
  const kinds = kindsOf(id);
  const name = `${id.policy.name}.${partNumber(part, bits)}`;
  const owner =
    reportUid === undefined ? {} : { ownerReferences: [ownerReference(kinds.report.kind, id.policy.name, reportUid)] };
  return {
    apiVersion,
    kind: kinds.part.kind,
    metadata: mergeMetadata(before.get(name), { ...place(id, name), ...owner }),
    policyRef: { kind: policyKind.kind, name: id.policy.name },
    k: bits,
    part,
    violating,
  } as ReportPartObject;
}

function place(id: LedgerId, name: string) {
  return {
    name,
    ...(id.namespace === undefined ? {} : { namespace: id.namespace }),
    labels: { [labels.policy]: id.policy.name },
  };
}

function violatingOf(
  { ref, owner, source, rows, more }: StoredViolating,
  takenAt: Instant | undefined,
): ViolatingResource {
  return {
    ref,
    ...ownershipOf(owner, source),
    rows: rows.map((row) => rowOf(row, takenAt)),
    ...(more === 0 ? {} : { more }),
  };
}

function rowOf(row: StoredRow, takenAt: Instant | undefined): Row {
  const { state, since, moved, value } = row;
  return {
    ...placeOf(row),
    ...(state === "Known" ? {} : { state }),
    ...(since === takenAt ? {} : { since: formatInstant(since) }),
    ...(moved === undefined ? {} : { moved }),
    ...(value === undefined ? {} : { value }),
  };
}

function changeOf(change: Transition): Change {
  const { id, at, ref, owner, source, to, reason } = change;
  return { id, at: formatInstant(at), ref, ...ownershipOf(owner, source), ...placeOf(change), to, reason };
}

function placeOf({ rule, path, class: valueClass, count }: Place) {
  return {
    rule,
    path,
    ...(valueClass === undefined ? {} : { class: valueClass }),
    ...(count === 1 ? {} : { count }),
  };
}
