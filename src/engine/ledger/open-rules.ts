import { type KindName, type ResourceRef, refKind } from "../resource.ts";
import type { Completeness } from "./completeness.ts";
import type { Instant } from "./instant.ts";
import type { Opening } from "./opening.ts";
import { same } from "./same.ts";
import type { SlotTable } from "./slots.ts";
import type { StoredBaseline } from "./stored.ts";
import type { FirstPass, LedgerInput, LedgerPolicy } from "./types.ts";

/** What a step finds still to be adopted, and what of it this step adopts (docs/ledger.md 3.3 to 3.5). */
export interface OpenRules {
  /** Rules that the Baseline does not know, or knows otherwise. */
  readonly open: ReadonlySet<string>;
  /** Those of them whose finds are adopted now. */
  readonly completing: ReadonlySet<string>;
  /** When the open inventory rules were first looked at with complete evidence. */
  readonly passes: ReadonlyMap<string, FirstPass>;
  /** Kinds that the Baseline knows after this step. */
  readonly kinds: ReadonlySet<KindName>;
  /** Whether the resource came into scope through an edit of the policy, or its kind is adopted now. */
  readonly brought: (ref: ResourceRef) => boolean;
}

export function findOpenRules(
  slots: SlotTable,
  baseline: StoredBaseline,
  input: LedgerInput,
  opening: Opening,
  complete: Completeness,
): OpenRules {
  const { policy, evidence, memory, now } = input;
  const taken = opening.how === "taken";
  const open = new Set(
    [...policy.rules.keys()].filter((rule) => !baseline.rules.has(rule) || isChanged(baseline, policy, rule)),
  );
  const matchEdited = baseline.match !== undefined && !same(baseline.match, policy.match);
  const edited = taken || matchEdited || [...open].some((rule) => !complete.ruleFrozen(rule));
  const kinds = sortKinds(baseline, input, complete, edited);
  const brought = (ref: ResourceRef) =>
    kinds.adopted.has(refKind(ref)) || (matchEdited && evidence.resources.get(ref)?.inPreviousScope === false);
  const passes = new Map([...memory.firstPasses].filter(([rule]) => open.has(rule)));
  if (!taken && (matchEdited || kinds.adopted.size > 0))
    for (const rule of reopened(slots, brought, input, complete)) {
      open.add(rule);
      if (complete.ruleFrozen(rule)) passes.delete(rule);
      else passes.set(rule, { at: now, announce: passes.get(rule)?.announce ?? false });
    }
  const completing = completed(open, passes, slots, input, opening, complete);
  // What these kinds have that was brought into scope or that a rule now finds cannot be seen, so they are adopted anew.
  const leave = (kind: KindName) => (matchEdited || completing.size > 0) && complete.kindFrozen(kind);
  return { open, completing, passes, kinds: new Set([...kinds.ready].filter((kind) => !leave(kind))), brought };
}

/** Whether a rule's revision or parameters differ from those under which its entries were accepted. */
export function isChanged(baseline: StoredBaseline, policy: LedgerPolicy, rule: string): boolean {
  const then = baseline.rules.get(rule);
  const is = policy.rules.get(rule);
  return then !== undefined && is !== undefined && !(then.revision === is.revision && then.params === is.params);
}

/**
 * Which kinds are known to the Baseline after this step, and which of them it adopts. A kind that it knows neither as adopted nor
 * as a hole came with an edit of the policy, or was installed: what the latter has is New (3.3).
 */
function sortKinds(baseline: StoredBaseline, { evidence }: LedgerInput, complete: Completeness, edited: boolean) {
  const before = new Set(baseline.kinds);
  const ready = new Set<KindName>();
  const adopted = new Set<KindName>();
  for (const kind of evidence.kinds.keys()) {
    const toAdopt = !before.has(kind) && (edited || baseline.holes.has(kind));
    if (toAdopt && complete.kindFrozen(kind)) continue;
    ready.add(kind);
    if (toAdopt) adopted.add(kind);
  }
  return { ready, adopted };
}

/**
 * Rules that have to be adopted once more because what came into scope cannot be judged by them yet: they are inventory rules
 * whose finds there have not held, or their evidence is incomplete.
 */
function reopened(
  slots: SlotTable,
  brought: (ref: ResourceRef) => boolean,
  { evidence, policy }: LedgerInput,
  complete: Completeness,
): Set<string> {
  const rules = new Set<string>();
  for (const slot of slots.all()) if (slot.pending.length > 0 && brought(slot.ref)) rules.add(slot.rule);
  if ([...evidence.resources.keys()].some(brought))
    for (const rule of policy.rules.keys()) if (complete.ruleFrozen(rule)) rules.add(rule);
  return rules;
}

/**
 * Open rules that this step adopts. An inventory rule waits until what was there at its first complete pass has held or
 * gone; `passes` gets the first pass of those that begin to wait and loses that of those that have a hole.
 */
function completed(
  open: ReadonlySet<string>,
  passes: Map<string, FirstPass>,
  slots: SlotTable,
  input: LedgerInput,
  { how }: Opening,
  complete: Completeness,
): Set<string> {
  const completing = new Set<string>();
  const firstSeen = new Map<string, Instant>();
  for (const { rule, pending } of slots.all())
    for (const { since } of pending) firstSeen.set(rule, Math.min(since, firstSeen.get(rule) ?? since));
  for (const rule of open) {
    if (complete.ruleFrozen(rule)) {
      if (complete.holes.includes(rule)) passes.delete(rule);
      continue;
    }
    if (input.policy.rules.get(rule)?.scope === "resource") completing.add(rule);
    else {
      const pass = passes.get(rule) ?? { at: input.now, announce: how !== "taken" };
      passes.set(rule, pass);
      const since = firstSeen.get(rule);
      if (since === undefined || since > pass.at) completing.add(rule);
    }
  }
  return completing;
}
