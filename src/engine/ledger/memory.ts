import { type ResourceRef, refKind } from "../resource.ts";
import type { ViolationKey } from "../violation.ts";
import type { Completeness } from "./completeness.ts";
import { merged } from "./dated.ts";
import type { Instant } from "./instant.ts";
import type { SlotTable } from "./slots.ts";
import type { Dated, FirstPass, LedgerMemory, LedgerPolicy } from "./types.ts";

/** After a restart. */
export const emptyMemory: LedgerMemory = { pending: new Map(), firstPasses: new Map(), quietUntil: undefined };

/** What is remembered until the next step. A hole breaks the clock of what waits, for nobody saw it hold. */
export function nextMemory(
  slots: SlotTable,
  policy: LedgerPolicy,
  complete: Completeness,
  firstPasses: ReadonlyMap<string, FirstPass>,
  quietUntil: Instant | undefined,
): LedgerMemory {
  const pending = new Map<ResourceRef, Map<ViolationKey, readonly Dated[]>>();
  let stillQuiet = false;
  for (const { ref, key, rule, found, pending: waiting, hidden } of slots.all()) {
    if (policy.rules.get(rule)?.scope !== "inventory") continue;
    const clock = merged([...waiting, ...hidden]);
    if (clock.length === 0 || (found === 0 && isHole(ref, rule, complete))) continue;
    pending.set(ref, (pending.get(ref) ?? new Map<ViolationKey, readonly Dated[]>()).set(key, clock));
    stillQuiet ||= quietUntil !== undefined && clock.some(({ since }) => since <= quietUntil);
  }
  return { pending, firstPasses, quietUntil: stillQuiet ? quietUntil : undefined };
}

function isHole(ref: ResourceRef, rule: string, { holes }: Completeness): boolean {
  return holes.includes(refKind(ref)) || holes.includes(rule);
}
