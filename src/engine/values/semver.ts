/** A version as semver.org has it, with or without a leading `v`; build metadata counts for nothing. */
export interface Version {
  readonly core: readonly [major: number, minor: number, patch: number];
  /** Empty for a release. */
  readonly prerelease: readonly string[];
}

const grammar = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Undefined for anything else: `latest`, `1.27`. */
export function parseVersion(text: string): Version | undefined {
  const match = grammar.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, prerelease] = match;
  return { core: [Number(major), Number(minor), Number(patch)], prerelease: prerelease?.split(".") ?? [] };
}

/** Negative, zero or positive as `a` comes before, with or after `b`; a pre-release comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  const core = a.core[0] - b.core[0] || a.core[1] - b.core[1] || a.core[2] - b.core[2];
  if (core !== 0) return core;
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (const [at, left] of a.prerelease.entries()) {
    const right = b.prerelease[at];
    const order = right === undefined ? 1 : compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

/** Numbers by value and before words, words by code unit. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (/^\d+$/.test(text) ? Number(text) : undefined));
  if (left !== undefined && right !== undefined) return left - right;
  if (left !== undefined || right !== undefined) return left === undefined ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
