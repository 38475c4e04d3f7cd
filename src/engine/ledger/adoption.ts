import { type KindName, type ResourceRef, refKind } from "../resource.ts";
import type { Completeness } from "./completeness.ts";
import { none, total } from "./dated.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import { findOpenRules, isChanged, type OpenRules } from "./open-rules.ts";
import type { Opening } from "./opening.ts";
import { compareText } from "./order.ts";
import type { Entry, Slot, SlotTable } from "./slots.ts";
import type { AdoptedFinds, StoredBaseline } from "./stored.ts";
import type { Dated, FirstPass, LedgerInput } from "./types.ts";
import { isGenerated } from "./verdict.ts";

/**
 * Where a rule stands. `adopted`: what it finds beyond the entries is New. `completing`: what it finds now is adopted.
 * `waiting`: what it finds is neither, because its evidence is incomplete or has not held yet.
 */
export type RuleStanding = "adopted" | "completing" | "waiting";

export interface Adoption {
  readonly standing: (rule: string) => RuleStanding;
  /** Its revision or parameters differ from those under which its entries were accepted. */
  readonly changed: (rule: string) => boolean;
  readonly kinds: StoredBaseline["kinds"];
  readonly rules: StoredBaseline["rules"];
  /** Kinds in scope that are still to be adopted: their evidence is incomplete. */
  readonly openKinds: readonly KindName[];
  readonly firstPasses: ReadonlyMap<string, FirstPass>;
  /** A changed rule enters the Baseline only after the report has lost the rows that the change took away. */
  readonly heldBack: boolean;
}

/**
 * docs/ledger.md 3: decides which kinds and rules are adopted by this step, and turns what they found and nobody accepted into entries.
 * What may be New stays in `fresh`; what must not be reported yet goes to `hidden`.
 */
export function adopt(
  slots: SlotTable,
  baseline: StoredBaseline,
  input: LedgerInput,
  opening: Opening,
  complete: Completeness,
): Adoption {
  const { policy, evidence } = input;
  const state = findOpenRules(slots, baseline, input, opening, complete);
  const { open, completing, passes, kinds } = state;
  const standing = (rule: string): RuleStanding => {
    if (completing.has(rule)) return "completing";
    return open.has(rule) ? "waiting" : "adopted";
  };
  const changed = (rule: string) => isChanged(baseline, policy, rule);
  const adopted = acceptFinds(slots, state, standing, input, opening);
  const held = new Set(
    slots
      .all()
      .filter((slot) => slot.verdict === "judged" && completing.has(slot.rule) && changed(slot.rule) && lostRows(slot))
      .map(({ rule }) => rule),
  );
  const rules = [...policy.rules].flatMap(([rule, { revision, params }]) => {
    const then = baseline.rules.get(rule);
    const finds = adopted.get(rule) ?? then?.adopted;
    const told = finds === undefined ? {} : { adopted: finds };
    if (standing(rule) !== "waiting" && !held.has(rule)) return [[rule, { revision, params, ...told }] as const];
    return then !== undefined && changed(rule) ? [[rule, { ...then, ...told }] as const] : [];
  });
  return {
    standing,
    changed,
    kinds: [...kinds].sort(),
    rules: new Map(rules.sort(([a], [b]) => compareText(a, b))),
    openKinds: [...evidence.kinds.keys()].filter((kind) => !kinds.has(kind)).sort(),
    firstPasses: new Map([...passes].filter(([rule]) => standing(rule) === "waiting" || held.has(rule))),
    heldBack: held.size > 0,
  };
}

/** Accepts or hides what is fresh. Returns what was accepted of each rule whose adoption is told of. */
function acceptFinds(
  slots: SlotTable,
  { passes, kinds, brought }: OpenRules,
  standing: (rule: string) => RuleStanding,
  { now }: LedgerInput,
  { how, switched }: Opening,
): ReadonlyMap<string, AdoptedFinds> {
  const at = wholeSecond(now);
  const found = new Map<string, { violations: number; resources: Set<ResourceRef> }>();
  for (const slot of slots.all()) {
    if (slot.fresh.length + slot.old.length === 0) continue;
    if (slot.verdict !== "judged" && slot.verdict !== "frozen") continue;
    const is = standing(slot.rule);
    if (is === "waiting" || !kinds.has(refKind(slot.ref))) {
      slot.hidden = slot.fresh;
      slot.fresh = none;
      continue;
    }
    const wasBrought = brought(slot.ref);
    if (is === "adopted" && !wasBrought) continue;
    const pass = passes.get(slot.rule);
    const isAdopted = ({ since }: Dated) => wasBrought || pass === undefined || since <= pass.at;
    const count = accept(slot, isAdopted, at, switched);
    const isTold = pass?.announce ?? how !== "taken";
    if (is !== "completing" || !isTold || count === 0) continue;
    const finds = found.get(slot.rule) ?? { violations: 0, resources: new Set() };
    finds.violations += count;
    finds.resources.add(slot.ref);
    found.set(slot.rule, finds);
  }
  return new Map(
    [...found].map(([rule, { violations, resources }]) => [rule, { at, violations, resources: resources.size }]),
  );
}

/** Turns fresh violations into entries. A row that was New stays New (3.4), unless the report is of the other mode. */
function accept(slot: Slot, isAdopted: (item: Dated) => boolean, since: Instant, switched: boolean): number {
  const candidates = switched ? [...slot.fresh, ...slot.old] : slot.fresh;
  const count = total(candidates.filter(isAdopted));
  if (count === 0) return 0;
  slot.fresh = slot.fresh.filter((item) => !isAdopted(item));
  if (switched) slot.old = slot.old.filter((item) => !isAdopted(item));
  const entry: Entry = {
    count,
    since,
    absentSince: undefined,
    announced: false,
    outSince: undefined,
    idleSince: undefined,
    moved: false,
    covers: true,
  };
  slot.entries = [...slot.entries, entry];
  return count;
}

function lostRows({ ref, past, old }: Slot): boolean {
  return !isGenerated(ref) && total(past.new) > total(old);
}
