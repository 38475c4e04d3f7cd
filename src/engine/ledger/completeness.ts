import type { KindName } from "../resource.ts";
import { type Instant, wholeSecond } from "./instant.ts";
import { holeAfterMs } from "./limits.ts";
import type { Evidence, LedgerPolicy } from "./types.ts";

/** Where evidence is incomplete. It binds conclusions at once; it is shown as a hole only once it has lasted. */
export interface Completeness {
  readonly kindFrozen: (kind: KindName) => boolean;
  readonly ruleFrozen: (rule: string) => boolean;
  /** Kinds and rules whose evidence is incomplete, since when; in whole seconds. */
  readonly incomplete: ReadonlyMap<string, Instant>;
  /** Those that are holes; sorted. */
  readonly holes: readonly string[];
  /** When the next of them becomes one. */
  readonly nextHoleAt: Instant | undefined;
}

/**
 * A kind or a rule that reads it is a hole after 60 s, a rule that threw at once; one that was shown as a hole stays one until
 * its evidence is complete, also over a restart.
 * @param shown `unverified` of the stored report
 */
export function completeness(
  evidence: Evidence,
  policy: LedgerPolicy,
  shown: readonly string[],
  now: Instant,
): Completeness {
  const incomplete = new Map<string, Instant>();
  const holes = new Set<string>();
  let nextHoleAt: Instant | undefined;
  const note = (name: string, since: Instant, atOnce: boolean) => {
    incomplete.set(name, wholeSecond(since));
    const from = since + holeAfterMs;
    if (atOnce || from <= now || shown.includes(name)) holes.add(name);
    else nextHoleAt = Math.min(from, nextHoleAt ?? from);
  };
  for (const [kind, known] of evidence.kinds) if (known.state === "incomplete") note(kind, known.since, false);
  const threw = new Set(evidence.problems.map(({ rule }) => rule));
  for (const rule of policy.rules.keys()) {
    const since = evidence.rules.get(rule)?.since;
    if (since !== undefined || threw.has(rule)) note(rule, since ?? now, threw.has(rule));
  }
  return {
    kindFrozen: (kind) => evidence.kinds.get(kind)?.state === "incomplete",
    ruleFrozen: (rule) => incomplete.has(rule) && policy.rules.has(rule),
    incomplete,
    holes: [...holes].sort(),
    nextHoleAt,
  };
}
