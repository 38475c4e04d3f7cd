import { counted } from "../../formats/counted.ts";
import type { Digest } from "../../formats/digest.ts";

/** Why the numbers are not those of everything in scope, a phrase each; empty if they are. */
export function gapsIn({ coverage, holes, unverified, erring, missingParts }: Digest["health"]): string[] {
  const unscanned = coverage.filter(({ lastScan }) => lastScan === undefined).length;
  const kinds = Math.max(holes.total, unverified.total);
  return [
    ...(coverage.length === 0 ? ["no policy was found"] : []),
    ...(unscanned === 0 ? [] : [`${counted(unscanned, "policy", "policies")} not scanned yet`]),
    ...(kinds === 0 ? [] : [`${counted(kinds, "kind or rule", "kinds or rules")} not read completely`]),
    ...(erring.total === 0 ? [] : [`${counted(erring.total, "rule")} failed`]),
    ...(missingParts === 0 ? [] : [`${counted(missingParts, "part")} of reports missing`]),
  ];
}

/** The lowest coverage of a policy in percent. */
export function lowestCoverage({ coverage }: Digest["health"]): number {
  return Math.min(100, ...coverage.map(({ percent = 100 }) => percent));
}
