import type { RuleStanding } from "./adoption.ts";
import { isSettled } from "./cover.ts";
import type { Instant } from "./instant.ts";
import { keepMs } from "./limits.ts";
import { type Entry, removeEntry, type Slot, type SlotTable } from "./slots.ts";

export interface AbsenceContext {
  readonly now: Instant;
  /** `now` in whole seconds. */
  readonly at: Instant;
  readonly settleMs: number;
  /** Nothing is announced in this step. */
  readonly silent: boolean;
  readonly standing: (rule: string) => RuleStanding;
  readonly changed: (rule: string) => boolean;
}

export interface Absences {
  /** How many became fixed. */
  readonly fixed: number;
  /** Absent entries whose announcement is due: they stay as they are until the report's `changes` hold it. */
  readonly due: readonly { readonly slot: Slot; readonly entry: Entry }[];
}

/** What becomes of accepted violations that are not there (docs/ledger.md 3.4, 3.7, 4 and 5.3). */
export function concludeAbsences(slots: SlotTable, context: AbsenceContext): Absences {
  let fixed = 0;
  const due: { slot: Slot; entry: Entry }[] = [];
  for (const slot of slots.all()) {
    for (const entry of slot.entries) {
      if (entry.covers) continue;
      switch (slot.verdict) {
        case "frozen":
          break;
        case "out":
          entry.outSince ??= context.at;
          if (entry.outSince + keepMs <= context.now) removeEntry(slot, entry);
          break;
        case "idle":
          if (entry.absentSince === undefined) rest(slot, entry, context);
          break;
        default:
          if (entry.absentSince === undefined) fixed += vanish(slot, entry, context);
      }
      if (entry.absentSince === undefined || slot.verdict === "frozen" || slot.verdict === "out") continue;
      if (mayBeBack(slot, entry, context)) continue;
      const settled = isSettled(entry, context.settleMs, context.now);
      if (!entry.announced && (settled || slot.verdict === "judged")) {
        if (context.silent) entry.announced = true;
        else due.push({ slot, entry });
      }
      if (settled && entry.announced) removeEntry(slot, entry);
    }
  }
  return { fixed, due };
}

/** 5.3: no sibling of a generated name lives, which proves nothing. */
function rest(slot: Slot, entry: Entry, { at, now }: AbsenceContext): void {
  entry.outSince = undefined;
  entry.idleSince ??= at;
  if (entry.idleSince + keepMs <= now) removeEntry(slot, entry);
}

/** A violation that was there is missing, under complete evidence. Returns how many count as fixed. */
function vanish(slot: Slot, entry: Entry, { at, standing, changed }: AbsenceContext): number {
  const rule = slot.rule;
  if (slot.verdict === "judged" && changed(rule)) {
    // 3.4: it vanished through the change of the rule, and that counts for nothing.
    if (standing(rule) === "completing") removeEntry(slot, entry);
    return 0;
  }
  if (entry.outSince !== undefined && standing(rule) !== "adopted") {
    // The rule was off meanwhile and may have become another one.
    removeEntry(slot, entry);
    return 0;
  }
  const wasIdle = entry.idleSince !== undefined;
  entry.absentSince = at;
  entry.outSince = undefined;
  entry.idleSince = undefined;
  // What was not in the report is nothing to tell of: it was out of scope, or a person wrote it into the Baseline.
  entry.announced = !wasIdle && slot.past.known.length === 0;
  return entry.count;
}

/** What waits in the same place came back before `settle` ended, if it holds. */
function mayBeBack({ pending }: Slot, entry: Entry, { settleMs }: AbsenceContext): boolean {
  return pending.some(({ since }) => !isSettled(entry, settleMs, since));
}
