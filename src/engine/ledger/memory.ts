import { type ResourceRef, refKind } from "../resource.ts";
import type { ViolationKey } from "../violation.ts";
import type { Completeness } from "./completeness.ts";
import { merged, none } from "./dated.ts";
import type { Instant } from "./instant.ts";
import type { Slot, SlotTable } from "./slots.ts";
import type { Dated, FirstPass, LedgerMemory, LedgerPolicy } from "./types.ts";

/** After a restart. */
export const emptyMemory: LedgerMemory = { pending: new Map(), firstPasses: new Map(), quietUntil: undefined };

/** What is remembered until the next step. */
export function nextMemory(
  slots: SlotTable,
  policy: LedgerPolicy,
  firstPasses: ReadonlyMap<string, FirstPass>,
  quietUntil: Instant | undefined,
): LedgerMemory {
  const pending = new Map<ResourceRef, Map<ViolationKey, readonly Dated[]>>();
  let stillQuiet = false;
  for (const { ref, key, rule, pending: waiting, hidden } of slots.all()) {
    if (waiting.length + hidden.length === 0 || policy.rules.get(rule)?.scope !== "inventory") continue;
    const clock = merged([...waiting, ...hidden]);
    if (clock.length === 0) continue;
    pending.set(ref, (pending.get(ref) ?? new Map<ViolationKey, readonly Dated[]>()).set(key, clock));
    stillQuiet ||= quietUntil !== undefined && clock.some(({ since }) => since <= quietUntil);
  }
  return { pending, firstPasses, quietUntil: stillQuiet ? quietUntil : undefined };
}

/**
 * Since when the violations of a key have been waiting; undefined for rules that do not wait. A hole breaks the clock of what is
 * not seen meanwhile, for nobody saw it hold.
 */
export function clockOf(
  { ref, key, rule, waits, found }: Slot,
  memory: LedgerMemory,
  { holes }: Completeness,
): readonly Dated[] | undefined {
  if (!waits) return undefined;
  const isUnseen = found === 0 && (holes.includes(refKind(ref)) || holes.includes(rule));
  return isUnseen ? none : (memory.pending.get(ref)?.get(key) ?? none);
}
