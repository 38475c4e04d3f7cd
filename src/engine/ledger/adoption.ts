import { type KindName, type ResourceRef, refKind } from "../resource.ts";
import type { Completeness } from "./completeness.ts";
import { total } from "./dated.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import type { Opening } from "./opening.ts";
import { compareText } from "./order.ts";
import { same } from "./same.ts";
import type { Slot, SlotTable } from "./slots.ts";
import type { StoredBaseline } from "./stored.ts";
import type { Dated, FirstPass, LedgerInput } from "./types.ts";
import { isGenerated } from "./verdict.ts";

/**
 * Where a rule stands. `adopted`: what it finds beyond the entries is New. `completing`: what it finds now is adopted.
 * `waiting`: what it finds is neither, because its evidence is incomplete or has not held yet.
 */
export type RuleStanding = "adopted" | "completing" | "waiting";

export interface Adoption {
  standing(rule: string): RuleStanding;
  /** Its revision or parameters differ from those under which its entries were accepted. */
  changed(rule: string): boolean;
  readonly kinds: StoredBaseline["kinds"];
  readonly rules: StoredBaseline["rules"];
  /** Kinds in scope that are still to be adopted: their evidence is incomplete. */
  readonly openKinds: readonly KindName[];
  readonly firstPasses: ReadonlyMap<string, FirstPass>;
  readonly adopted: readonly { readonly rule: string; readonly count: number }[];
  /** A changed rule enters the Baseline only after the report has lost the rows that the change took away. */
  readonly heldBack: boolean;
}

/**
 * LEDGER.md 3: decides which kinds and rules are adopted by this step, and turns what they found and nobody accepted into entries.
 * What may be New stays in `fresh`; what must not be reported yet goes to `hidden`.
 */
export function adopt(
  slots: SlotTable,
  baseline: StoredBaseline,
  input: LedgerInput,
  how: Opening,
  complete: Completeness,
): Adoption {
  const { policy, evidence, now } = input;
  const changed = (rule: string) => {
    const then = baseline.rules.get(rule);
    const is = policy.rules.get(rule);
    return then !== undefined && is !== undefined && !(then.revision === is.revision && then.params === is.params);
  };
  const open = new Set([...policy.rules.keys()].filter((rule) => !baseline.rules.has(rule) || changed(rule)));
  const matchEdited = baseline.match !== undefined && !same(baseline.match, policy.match);
  const edited = how.how === "taken" || matchEdited || [...open].some((rule) => !complete.ruleFrozen(rule));

  const kinds = sortKinds(baseline, input, complete, edited);
  const brought = (ref: ResourceRef) =>
    kinds.adopted.has(refKind(ref)) || (matchEdited && evidence.resources.get(ref)?.inPreviousScope === false);

  const passes = new Map([...input.memory.firstPasses].filter(([rule]) => open.has(rule)));
  if (how.how !== "taken")
    for (const rule of reopened(slots, brought, input, complete, kinds.adopted.size > 0 || matchEdited)) {
      open.add(rule);
      if (complete.ruleFrozen(rule)) passes.delete(rule);
      else passes.set(rule, { at: now, announce: passes.get(rule)?.announce ?? false });
    }
  const completing = completed(open, passes, slots, input, how, complete);
  const frozenLeave = matchEdited || completing.size > 0;
  const ready = new Set([...kinds.ready].filter((kind) => !frozenLeave || !complete.kindFrozen(kind)));
  const standing = (rule: string): RuleStanding => {
    if (completing.has(rule)) return "completing";
    return open.has(rule) ? "waiting" : "adopted";
  };

  const counts = new Map<string, number>();
  for (const slot of slots.all()) {
    if (slot.verdict !== "judged" && slot.verdict !== "frozen") continue;
    const is = standing(slot.rule);
    if (is === "waiting" || !ready.has(refKind(slot.ref))) {
      slot.hidden = slot.fresh;
      slot.fresh = [];
      continue;
    }
    const byRule = is === "completing";
    if (!byRule && !brought(slot.ref)) continue;
    const pass = passes.get(slot.rule);
    const count = accept(
      slot,
      (item) => brought(slot.ref) || pass === undefined || item.since <= pass.at,
      input,
      how.switched,
    );
    const announce = pass?.announce ?? how.how !== "taken";
    if (byRule && announce && count > 0) counts.set(slot.rule, (counts.get(slot.rule) ?? 0) + count);
  }

  const held = new Set(
    slots
      .all()
      .filter((slot) => slot.verdict === "judged" && completing.has(slot.rule) && changed(slot.rule) && lostRows(slot))
      .map(({ rule }) => rule),
  );
  const rules = [...policy.rules].flatMap(([rule, { revision, params }]) => {
    const then = baseline.rules.get(rule);
    if (standing(rule) !== "waiting" && !held.has(rule)) return [[rule, { revision, params }] as const];
    return then !== undefined && changed(rule) ? [[rule, then] as const] : [];
  });
  return {
    standing,
    changed,
    kinds: [...ready].sort(),
    rules: new Map(rules.sort(([a], [b]) => compareText(a, b))),
    openKinds: [...evidence.kinds.keys()].filter((kind) => !ready.has(kind)).sort(),
    firstPasses: new Map([...passes].filter(([rule]) => standing(rule) === "waiting" || held.has(rule))),
    adopted: [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => compareText(a.rule, b.rule)),
    heldBack: held.size > 0,
  };
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
  possible: boolean,
): Set<string> {
  const rules = new Set<string>();
  if (!possible) return rules;
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

/** Turns fresh violations into entries. A row that was New stays New (3.4), unless the report is of the other mode. */
function accept(slot: Slot, isAdopted: (item: Dated) => boolean, { now }: LedgerInput, switched: boolean): number {
  const candidates = switched ? [...slot.fresh, ...slot.old] : slot.fresh;
  const count = total(candidates.filter(isAdopted));
  if (count === 0) return 0;
  slot.fresh = slot.fresh.filter((item) => !isAdopted(item));
  if (switched) slot.old = slot.old.filter((item) => !isAdopted(item));
  slot.entries.push({
    count,
    since: wholeSecond(now),
    absentSince: undefined,
    announced: false,
    outSince: undefined,
    idleSince: undefined,
    moved: false,
    covers: true,
  });
  return count;
}

function lostRows({ ref, past, old }: Slot): boolean {
  return !isGenerated(ref) && total(past.new) > total(old);
}
