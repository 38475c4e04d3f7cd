import { type Carried, carry } from "./carried.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import type { InventoryVerdict } from "./evaluate-inventory.ts";
import { type Carrier, carrierOf, type OwnerLookup } from "./folding.ts";
import type { Judged } from "./judged.ts";
import type { StoredBaseline } from "./ledger/stored.ts";
import type { Evidence, Instant, KindEvidence, ResourceEvidence } from "./ledger/types.ts";
import { compileMatch, matchEquals } from "./match.ts";
import { resolveOwnership } from "./ownership/resolve-ownership.ts";
import { type KindName, kindName, type ResourceRef, refKind, refName, resourceRef } from "./resource.ts";
import { elementHash } from "./views/elements.ts";
import type { TextMap } from "./views/fields.ts";
import { lastElement } from "./views/path.ts";
import type { Problem } from "./violation.ts";

export interface EvidenceInput {
  readonly policy: CompiledPolicy;
  readonly namespace: Evidence["namespace"];
  /** Labels of that namespace as they are now; undefined if there is none or they are not known. */
  readonly namespaceLabels: TextMap | undefined;
  /** Everything known of the ledger's scope, judged by this policy or not. */
  readonly judged: readonly Judged[];
  readonly inventory: InventoryVerdict;
  /** Every kind that is watched, and those in scope that are not served. */
  readonly kinds: ReadonlyMap<KindName, KindEvidence>;
  readonly owner: OwnerLookup;
  /** Whether an object is there of which `judged` may hold no record, such as a Pod that its controller answers for. */
  readonly exists: (kind: KindName, namespace: string, name: string) => boolean;
  /** The ledger's Baseline: what the last evaluation was judged by. */
  readonly previous: Pick<StoredBaseline, "match" | "holes"> | undefined;
  readonly now: Instant;
  readonly fullScan: boolean;
}

/** Puts together what the ledger of one policy in one namespace (or of its cluster-scoped resources) is told. */
export function buildEvidence(input: EvidenceInput): Evidence {
  const { policy, judged, inventory, owner } = input;
  const kinds = kindsOf(input);
  const isOrphan = ({ unknownOwner }: Carrier) =>
    unknownOwner !== undefined && isMissing(unknownOwner.kind, input.kinds);
  const carried = carry(policy, judged, inventory, owner, isOrphan);
  const inPreviousScope = previousScope(input);
  const resources = new Map<ResourceRef, ResourceEvidence>();
  for (const [ref, one] of carried) resources.set(ref, resourceEvidence(ref, one, inPreviousScope, input));
  const problems = problemsOf(input);
  return {
    namespace: input.namespace,
    kinds,
    rules: incompleteRules(input, problems),
    resources,
    outOfScope: outOfScope(input, resources),
    problems,
    fullScan: input.fullScan,
  };
}

function kindsOf({ policy, kinds }: EvidenceInput): ReadonlyMap<KindName, KindEvidence> {
  const ours = [...kinds].filter(([kind]) => policy.judges(kind) || policy.reads.includes(kind));
  return new Map(ours.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Whether an owner of this kind that was not found does not exist. What it controlled is about to be collected, or the owner
 * is about to be seen: for that moment the object is not judged, lest a generated family fall apart into single names.
 * A Pod that was not found may just be folded, and then nobody need have kept it.
 */
function isMissing(kind: KindName, kinds: ReadonlyMap<KindName, KindEvidence>): boolean {
  const evidence = kinds.get(kind);
  return kind !== "Pod" && evidence?.state === "complete" && evidence.served;
}

function resourceEvidence(
  ref: ResourceRef,
  { id, generated, violations, members }: Carried,
  inPreviousScope: (judged: Judged) => boolean,
  { owner, kinds: watched }: EvidenceInput,
): ResourceEvidence {
  const traces = members.flatMap(({ trace }) => (trace === undefined ? [] : [trace]));
  return {
    ref,
    kind: kindName(id.group, id.kind),
    generated,
    shape: shapeOf(id.name, members),
    inPreviousScope: violations.size === 0 || members.some(inPreviousScope),
    violations,
    ownership() {
      const { unknownController, ...ownership } = resolveOwnership(members, owner);
      const isToCome = unknownController !== undefined && watched.get(unknownController.kind)?.state === "incomplete";
      return isToCome ? undefined : ownership;
    },
    hasElement(path) {
      const element = lastElement(path);
      return (
        element === undefined ||
        traces.length === 0 ||
        traces.some(({ elements }) => elements.includes(elementHash(element)))
      );
    },
  };
}

/** The carrier's own shape; else, of siblings and Pods that it carries, always the same one. Empty without violations. */
function shapeOf(name: string, members: readonly Judged[]): string {
  const own = members.find(({ id, trace }) => id.name === name && trace !== undefined);
  return (own ?? members.find(({ trace }) => trace !== undefined))?.trace?.shape ?? "";
}

/**
 * Whether the match by which the ledger was last judged would have taken an object as it is now. Kinds that came into scope
 * the ledger knows by itself. Of a clean object that carries something for a Pod the labels are gone: its place decides.
 */
function previousScope({ policy, previous, namespaceLabels }: EvidenceInput): (judged: Judged) => boolean {
  if (previous?.match === undefined || matchEquals(previous.match, policy.spec.match)) return () => true;
  const matcher = compileMatch(previous.match);
  return ({ id, trace }) =>
    trace === undefined
      ? matcher.matchesPlace(id, namespaceLabels)
      : matcher.matches(id, trace.labels, namespaceLabels);
}

/** Sorted by rule and resource. */
function problemsOf({ policy, judged, inventory }: EvidenceInput): readonly Problem[] {
  const found = judged.flatMap(({ verdicts }) => verdicts.get(policy.verdictKey)?.problems ?? []);
  return [...found, ...inventory.problems].sort((a, b) => (problemKey(a) < problemKey(b) ? -1 : 1));
}

function problemKey({ rule, resource, reason }: Problem): string {
  return `${rule}\n${resource}\n${reason}`;
}

/** Rules that threw, or that read a kind which is incomplete. What was incomplete before keeps its instant. */
function incompleteRules({ inventory, previous, now, kinds }: EvidenceInput, problems: readonly Problem[]) {
  const rules = new Map<string, { readonly since: Instant; readonly reason: string }>();
  for (const [rule, kind] of inventory.unverified) {
    const evidence = kinds.get(kind);
    const since = evidence?.state === "incomplete" ? evidence.since : (previous?.holes.get(rule) ?? now);
    const why = evidence?.state === "incomplete" ? evidence.reason : "it is not watched";
    rules.set(rule, { since, reason: `reads ${kind}, which is incomplete: ${why}` });
  }
  for (const { rule, reason } of problems)
    if (!rules.has(rule)) rules.set(rule, { since: previous?.holes.get(rule) ?? now, reason });
  return new Map([...rules].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Asked of a few refs that a ledger misses, so nothing is put together before. */
function outOfScope(
  { namespace, judged, owner, exists }: EvidenceInput,
  resources: ReadonlyMap<ResourceRef, ResourceEvidence>,
): (ref: ResourceRef) => boolean {
  let families: ReadonlySet<ResourceRef> | undefined;
  return (ref) => {
    if (resources.has(ref)) return false;
    const [kind, within, name] = [refKind(ref), namespace?.name ?? "", refName(ref)];
    if (owner(within, kind, name) !== undefined || exists(kind, within, name)) return true;
    if (!ref.endsWith("*")) return false;
    families ??= new Set(judged.map((one) => resourceRef(carrierOf(one, owner).id)));
    return families.has(ref);
  };
}
