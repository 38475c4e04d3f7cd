/** A Kubernetes minor, `{major: 1, minor: 36}`: compare as numbers, never as text. */
export interface Release {
  readonly major: number;
  readonly minor: number;
}

/** The newest release that the built-in facts know. */
export const newestRelease: Release = { major: 1, minor: 37 };

/** Reads `1.29`; undefined for anything else. */
export function parseRelease(text: string): Release | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  return parts === null ? undefined : { major: Number(parts[1]), minor: Number(parts[2]) };
}

export function formatRelease(release: Release): string {
  return `${release.major}.${release.minor}`;
}

/** The release that a rule judges as: the one in its parameter, else the context's. */
export function releaseOf(param: string | undefined, context: { readonly release: Release }): Release {
  return (param === undefined ? undefined : parseRelease(param)) ?? context.release;
}

/** Negative if `a` is the older one, 0 if they are the same. */
export function compareReleases(a: Release, b: Release): number {
  return a.major - b.major || a.minor - b.minor;
}
