import type { Instant } from "./instant.ts";
import { changesKeptMs, maxChanges } from "./limits.ts";
import { sortTransitions } from "./order.ts";
import type { StoredReport, Transition } from "./stored.ts";

export type Changes = Pick<StoredReport, "changes" | "changesDropped">;

/**
 * The report's `changes` after this step: 7 days, newest first, at most 200.
 * @param owed are never cut off: the Baseline waits for them to be stored
 */
export function nextChanges(
  before: Changes,
  transitions: readonly Transition[],
  owed: readonly Transition[],
  now: Instant,
): Changes {
  const kept = new Set(owed.map(({ id }) => id));
  const said = new Set([...transitions, ...owed].map(({ id }) => id));
  const young = before.changes.filter(({ id, at }) => at + changesKeptMs > now && !said.has(id));
  const others = sortTransitions([...transitions.filter(({ id }) => !kept.has(id)), ...young]);
  const room = Math.max(0, maxChanges - owed.length);
  const dropped = Math.max(0, others.length - room);
  const changes = sortTransitions([...owed, ...others.slice(0, room)]);
  // Those left out were older than all that were kept: once one of these has had its 7 days, those have, too.
  const earlier = before.changes.some(({ at }) => at + changesKeptMs <= now) ? 0 : before.changesDropped;
  return { changes, changesDropped: earlier + dropped };
}
