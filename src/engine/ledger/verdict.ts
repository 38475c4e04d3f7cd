import { type KindName, type ResourceRef, refKind, refName } from "../resource.ts";
import type { Completeness } from "./completeness.ts";
import type { Evidence } from "./types.ts";

/**
 * What the evidence says about the rules on one resource.
 * `judged`: it is there and the verdict is current. `frozen`: evidence is incomplete, so only what was seen counts, not what was
 * missed. `gone`: deleted. `idle`: a generated name without a live sibling. `out`: not judged by this policy any more.
 */
export type Verdict = "judged" | "frozen" | "gone" | "idle" | "out";

/** For rules of the policy; what others once found is `out`. */
export function verdictsOn(
  ref: ResourceRef,
  evidence: Evidence,
  { kindFrozen, ruleFrozen }: Completeness,
): (rule: string) => Verdict {
  const all = verdictOn(ref, evidence, kindFrozen);
  return (rule) => (all === "judged" && ruleFrozen(rule) ? "frozen" : all);
}

/** As far as it does not depend on the rule. */
function verdictOn(ref: ResourceRef, evidence: Evidence, kindFrozen: Completeness["kindFrozen"]): Verdict {
  const kind = refKind(ref);
  if (outOfReach(kind, evidence)) return "out";
  if (kindFrozen(kind)) return "frozen";
  if (evidence.resources.has(ref)) return "judged";
  if (evidence.outOfScope(ref)) return "out";
  return isGenerated(ref) ? "idle" : "gone";
}

/** A kind that the policy does not look at, or whose definition was deleted. */
function outOfReach(kind: KindName, evidence: Evidence): boolean {
  const known = evidence.kinds.get(kind);
  return known === undefined || (known.state === "complete" && !known.served);
}

/** A family of generated names: its prefix and a star. */
export function isGenerated(ref: ResourceRef): boolean {
  return refName(ref).endsWith("*");
}
