import type { Completeness } from "./completeness.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import { byRef } from "./order.ts";
import { placeOf } from "./spot.ts";
import { partOf } from "./storage/parts.ts";
import type { StoredBaseline, StoredReport, StoredResource, StoredViolating } from "./stored.ts";
import type { Evidence, LedgerInput, LedgerPolicy } from "./types.ts";

/** From what a step starts. */
export interface Opening {
  /** Undefined under mode Off, which knows no Baseline. */
  readonly baseline: StoredBaseline | undefined;
  /** `taken`: this step takes it. `restored`: it was lost and stands in the report. `kept`: it is the stored one. */
  readonly how: "off" | "taken" | "restored" | "kept";
  /** The report is written for the first time, or the mode was switched: what it shows is not announced. */
  readonly silent: boolean;
  /** The stored report is of the other mode, so what it calls New means nothing to adoption. */
  readonly switched: boolean;
  /** Taken without entries: everything that is there is New. */
  readonly startsEmpty: boolean;
  /** Entries were taken from the report. */
  readonly restored: boolean;
}

/** docs/ledger.md 3.1, 3.6, 7.5 and 9: which Baseline this step works on. */
export function openLedger(input: LedgerInput, complete: Completeness): Opening {
  const { policy, evidence, now, stored } = input;
  const { baseline, report } = stored;
  const off = policy.mode === "Off";
  const switched = report !== undefined && (report.baselineTakenAt === undefined) !== off;
  const missing = report === undefined && baseline?.unreported !== true;
  const silent = missing || switched;
  const rest = { silent, switched, startsEmpty: false, restored: false };
  if (off) return { ...rest, how: "off", baseline: undefined };
  if (baseline !== undefined) {
    const lost = lostResources(baseline, report);
    return { ...rest, how: "kept", baseline: withResources(baseline, lost), restored: lost.length > 0 };
  }
  const startsEmpty = isYoung(policy, evidence);
  if (report?.baselineTakenAt !== undefined) {
    const resources = report.violating.flatMap(knownResource);
    const restored = rebuilt(input, report, report.baselineTakenAt, resources, complete, startsEmpty);
    return { ...rest, how: "restored", baseline: restored, restored: resources.length > 0 };
  }
  const empty = startsEmpty ? entered(policy, evidence) : { kinds: [], rules: new Map() };
  return {
    ...rest,
    how: "taken",
    baseline: { takenAt: wholeSecond(now), fixed: 0, match: policy.match, ...empty, holes: new Map(), resources: [] },
    silent: switched || !startsEmpty,
    startsEmpty,
  };
}

/** A namespace that was created after the policy's baseline, where the policy has new namespaces start with nothing. */
function isYoung({ baselineTakenAt, newNamespaces }: LedgerPolicy, { namespace }: Evidence): boolean {
  if (newNamespaces === "Adopt" || namespace === undefined || baselineTakenAt === undefined) return false;
  return namespace.createdAt > baselineTakenAt;
}

/** Every kind and rule as if it had been adopted, having found nothing. */
function entered(policy: LedgerPolicy, evidence: Evidence): Pick<StoredBaseline, "kinds" | "rules"> {
  const rules = [...policy.rules].map(([id, { revision, params }]) => [id, { revision, params }] as const);
  return { kinds: [...evidence.kinds.keys()].sort(), rules: new Map(rules) };
}

/**
 * Which kinds and rules had been adopted is lost with the Baseline. All count as adopted but those that are incomplete or were
 * on their way: what they find was not seen before and may be old.
 */
function rebuilt(
  { policy, evidence, memory }: LedgerInput,
  report: StoredReport,
  takenAt: Instant,
  resources: readonly StoredResource[],
  { incomplete }: Completeness,
  startsEmpty: boolean,
): StoredBaseline {
  const { kinds, rules } = entered(policy, evidence);
  const unsure = (name: string) =>
    !startsEmpty && (incomplete.has(name) || report.unverified.includes(name) || memory.firstPasses.has(name));
  const left = kinds.filter(unsure).map((kind) => [kind, incomplete.get(kind) ?? takenAt] as const);
  return {
    takenAt,
    fixed: report.summary.fixed,
    match: policy.match,
    kinds: kinds.filter((kind) => !unsure(kind)),
    rules: new Map([...rules].filter(([rule]) => !unsure(rule))),
    holes: new Map(left),
    resources,
  };
}

function lostResources({ lost }: StoredBaseline, report: StoredReport | undefined): StoredResource[] {
  if (lost === undefined) return [];
  const parts = new Set(lost.parts);
  return (report?.violating ?? []).filter(({ ref }) => parts.has(partOf(ref, lost.bits))).flatMap(knownResource);
}

function withResources(baseline: StoredBaseline, added: readonly StoredResource[]): StoredBaseline {
  const { lost: _, ...rest } = baseline;
  return added.length === 0 ? rest : { ...rest, resources: [...baseline.resources, ...added].sort(byRef) };
}

/** The entries behind a resource's Known rows. */
function knownResource({ ref, rows }: StoredViolating): StoredResource[] {
  const entries = rows
    .filter(({ state }) => state === "Known")
    .map((row) => ({
      ...placeOf(row, row.count),
      since: row.since,
      ...(row.moved ? { moved: row.moved } : {}),
    }));
  return entries.length === 0 ? [] : [{ ref, entries }];
}
