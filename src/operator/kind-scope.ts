import { labels } from "../api/names.ts";
import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import { isNeverWatched, secretKind } from "../engine/kind-scope.ts";
import { holeAfterMs } from "../engine/ledger/limits.ts";
import type { Instant, KindEvidence } from "../engine/ledger/types.ts";
import { type KindName, parseKindName } from "../engine/resource.ts";
import { coveragePercent } from "../engine/score.ts";
import type { Discovery } from "../kube/discovery.ts";
import type { Stale, StaleReason } from "../kube/watch-consumer.ts";
import { secretsRole } from "./access.ts";
import type { FollowedKind } from "./kind-follower.ts";
import type { Coverage, CoverageHole } from "./policy-status.ts";

/** What discovery says, and since when it has been unable to say more. */
export interface Catalog {
  readonly discovery: Discovery;
  readonly failedSince: ReadonlyMap<string, Instant>;
}

/** Takes in a new answer of discovery; a group that goes on failing keeps its instant. */
export function nextCatalog(before: Catalog | undefined, discovery: Discovery, now: Instant): Catalog {
  const failedSince = new Map<string, Instant>();
  for (const name of discovery.failedGroups.keys()) failedSince.set(name, before?.failedSince.get(name) ?? now);
  return { discovery, failedSince };
}

export const namespaceKind: KindName = "Namespace";

/** Everything that these policies need to be followed, and how. Namespaces always are: their labels decide the scope. */
export function kindsToFollow(
  policies: readonly CompiledPolicy[],
  catalog: Catalog,
): ReadonlyMap<KindName, FollowedKind> {
  const wanted = new Map<KindName, FollowedKind>();
  for (const [kind, type] of catalog.discovery.types) {
    const asking = policies.filter((policy) => isInScope(policy, kind));
    const always = kind === namespaceKind;
    if ((asking.length === 0 && !always) || !type.verbs.includes("list")) continue;
    const watch = always || asking.some(({ scan }) => scan.continuous && !scan.suspend);
    wanted.set(kind, {
      type,
      metadataOnly: kind === secretKind,
      watch: watch && type.verbs.includes("watch"),
    });
  }
  return wanted;
}

/** Whether a policy judges the kind or reads it for its inventory rules. */
export function isInScope(policy: CompiledPolicy, kind: KindName): boolean {
  if (isNeverWatched(kind)) return false;
  return policy.judges(kind) || policy.reads.includes(kind);
}

/** What is known of the kinds that are followed. */
export interface Known {
  /** Null: complete and current. Undefined: not followed. */
  stale(kind: KindName): Stale | null | undefined;
  /** Since when a policy waits for the kind to be judged by its version in force; undefined: it was. */
  unreadSince(policy: string, kind: KindName): Instant | undefined;
}

/** How well one kind in scope is known. */
export interface KindStanding {
  readonly evidence: KindEvidence;
  /** What stands in the way, and from when on it counts as a hole. */
  readonly gap: { readonly hole: Omit<CoverageHole, "kind">; readonly countsFrom: Instant } | undefined;
}

/** An API server that has just started refuses what it allows a moment later. */
const refusedForMs = 10_000;

/** Every kind in scope of a policy. A kind that is not served counts as empty if its group could be asked. */
export function kindStandings(
  policy: CompiledPolicy,
  catalog: Catalog,
  known: Known,
): ReadonlyMap<KindName, KindStanding> {
  const standings = new Map<KindName, KindStanding>();
  for (const [kind, type] of catalog.discovery.types)
    if (type.verbs.includes("list") && isInScope(policy, kind)) standings.set(kind, served(policy, kind, known));
  for (const kind of new Set([...policy.kinds, ...policy.reads]))
    if (!standings.has(kind)) {
      const standing = notServed(kind, catalog);
      if (standing !== undefined) standings.set(kind, standing);
    }
  return new Map([...standings].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function served(policy: CompiledPolicy, kind: KindName, known: Known): KindStanding {
  const stale = known.stale(kind);
  const unread = known.unreadSince(policy.name, kind);
  if (stale === null && unread === undefined) return { evidence: { state: "complete", served: true }, gap: undefined };
  const earliest = Math.min(stale?.since ?? Number.POSITIVE_INFINITY, unread ?? Number.POSITIVE_INFINITY);
  const since = Number.isFinite(earliest) ? earliest : 0;
  const reason = holeReasonOf[stale?.reason ?? "starting"];
  const message = stale?.message ?? "it is being read";
  if (reason !== "Forbidden") return incomplete(since, reason, `${kind}: ${message}`);
  // What a scan has met, its coverage shows at once.
  return incomplete(since, reason, `${kind}: ${message}; ${remedy(kind)}`, unread === undefined ? refusedForMs : 0);
}

/** What an administrator can do for a kind that may not be read. */
function remedy(kind: KindName): string {
  return kind === secretKind
    ? `apply the ClusterRole ${secretsRole}, which grants it`
    : `grant list and watch by a ClusterRole with the label ${labels.aggregateToScan}: "true"`;
}

/** A pattern stands for what is served; only a group that could not be asked makes a hole of it. */
function notServed(kind: KindName, { discovery, failedSince }: Catalog): KindStanding | undefined {
  const isPattern = kind.startsWith("*.");
  const { group } = isPattern ? { group: kind.slice(2) } : parseKindName(kind);
  const failure = discovery.failedGroups.get(group);
  if (failure === undefined)
    return isPattern ? undefined : { evidence: { state: "complete", served: false }, gap: undefined };
  return incomplete(failedSince.get(group) ?? 0, "DiscoveryFailed", `group ${group}: ${failure}`);
}

const holeReasonOf: Readonly<Record<StaleReason, CoverageHole["reason"]>> = {
  starting: "Stale",
  silent: "Stale",
  forbidden: "Forbidden",
  "not-served": "ListFailed",
  error: "ListFailed",
};

function incomplete(
  since: Instant,
  reason: CoverageHole["reason"],
  message: string,
  countsAfterMs = holeAfterMs,
): KindStanding {
  const hole = { reason, message: message.slice(0, 1024), since };
  return { evidence: { state: "incomplete", since, reason }, gap: { hole, countsFrom: since + countsAfterMs } };
}

/**
 * Fully read kinds over kinds in scope; a kind that is not served is not in scope. A scan that is refused has a hole at once; anything
 * else is one when it has lasted: a watch that reconnects is no news.
 */
export function coverageOf(standings: ReadonlyMap<KindName, KindStanding>, now: Instant): Coverage {
  const inScope = [...standings].filter(([, { evidence }]) => evidence.state === "incomplete" || evidence.served);
  const holes = inScope.flatMap(([kind, { gap }]) =>
    gap !== undefined && now >= gap.countsFrom ? [{ kind, ...gap.hole }] : [],
  );
  return { percent: coveragePercent(inScope.length - holes.length, inScope.length), holes };
}
