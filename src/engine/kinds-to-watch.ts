import type { CompiledPolicy } from "./compiled-policy.ts";
import { isNeverWatched, secretKind } from "./kind-scope.ts";
import type { KindName } from "./resource.ts";

/** A kind that the API server serves, as far as this cares; callers hand in what they know of it beside. */
export interface ServedKind {
  /** `Deployment.apps`. */
  readonly name: KindName;
}

interface WatchedKind<S extends ServedKind> {
  readonly kind: S;
  /** Some policy judges objects of the kind. */
  readonly judged: boolean;
  /** Some rule reads their facts. */
  readonly read: boolean;
  /** Only metadata may be fetched: payloads of Secrets are never read. */
  readonly metadataOnly: boolean;
}

export interface KindsToWatch<S extends ServedKind> {
  /** Sorted by name. */
  readonly watched: readonly WatchedKind<S>[];
  /** Kinds that policies name and the API server does not serve: complete and empty, if discovery of the group succeeded. */
  readonly notServed: readonly KindName[];
}

/**
 * What must be watched for some policies: the kinds that their rules judge or read, and what `match.kinds` adds. Never the
 * whole API. A kind listed several times counts once, as first listed.
 */
export function kindsToWatch<S extends ServedKind>(
  policies: readonly CompiledPolicy[],
  served: readonly S[],
): KindsToWatch<S> {
  const byName = new Map<KindName, S>();
  for (const kind of served) if (!byName.has(kind.name)) byName.set(kind.name, kind);
  const reads = new Set(policies.flatMap((policy) => policy.reads));
  const watched = [...byName.values()]
    .map((kind) => ({
      kind,
      judged: policies.some((policy) => policy.judges(kind.name)),
      read: reads.has(kind.name),
      metadataOnly: kind.name === secretKind,
    }))
    .filter(({ kind, judged, read }) => (judged || read) && !isNeverWatched(kind.name))
    .sort((a, b) => (a.kind.name < b.kind.name ? -1 : 1));
  const named = new Set([...reads, ...policies.flatMap(({ kinds }) => kinds)]);
  const notServed = [...named].filter((name) => !name.startsWith("*.") && !byName.has(name)).sort();
  return { watched, notServed };
}
