import type { AuditEvent } from "../operator/bench.ts";

/** A write that the API server took, and which replica it came from. */
interface Taken {
  readonly replica: string;
  readonly object: string;
  readonly verb: string;
  readonly at: string;
}

const reading: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/** Which replica led when: by the order in which they first held the Lease. */
export function terms(audited: readonly AuditEvent[]): ReadonlyMap<string, number> {
  const terms = new Map<string, number>();
  for (const { replica, object } of takenWrites(audited))
    if (object.startsWith("leases ") && !terms.has(replica)) terms.set(replica, terms.size + 1);
  return terms;
}

/**
 * Writes by which a replica replaced or removed what one that led after it had written: `replica-1 update baselines -/p.ns.shop after
 * replica-2`. There must be none, however late they came.
 */
export function overwritten(audited: readonly AuditEvent[]): readonly string[] {
  const order = terms(audited);
  const last = new Map<string, string>();
  const bad: string[] = [];
  for (const { replica, object, verb } of takenWrites(audited)) {
    const before = last.get(object);
    if (before !== undefined && (order.get(replica) ?? 0) < (order.get(before) ?? 0))
      bad.push(`${replica} ${verb} ${object} after ${before}`);
    last.set(object, replica);
  }
  return bad;
}

/** Writes of a replica that ended in a conflict, as `update baselines -/p.ns.shop`. */
export function conflictsOf(audited: readonly AuditEvent[], replica: string): readonly string[] {
  return audited
    .filter((event) => replicaOf(event) === replica && event.responseStatus?.code === 409 && !reading.has(event.verb))
    .map((event) => `${event.verb} ${objectOf(event)}`);
}

/** Names of Events that were created more than once. */
export function createdTwice(audited: readonly AuditEvent[]): readonly string[] {
  const created = takenWrites(audited).filter(({ verb, object }) => verb === "create" && object.startsWith("events "));
  const counts = Map.groupBy(created, ({ object }) => object);
  return [...counts].flatMap(([object, times]) => (times.length > 1 ? [object] : []));
}

/** In the order in which the API server has answered them. */
function takenWrites(audited: readonly AuditEvent[]): readonly Taken[] {
  return audited
    .filter(
      ({ verb, stage, responseStatus, requestURI }) =>
        stage === "ResponseComplete" &&
        !reading.has(verb) &&
        (responseStatus?.code ?? 500) < 300 &&
        !requestURI.includes("dryRun="),
    )
    .map((event) => ({
      replica: replicaOf(event),
      object: objectOf(event),
      verb: event.verb,
      at: event.stageTimestamp,
    }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The proxy through which a replica asks puts its name behind the user agent. */
function replicaOf({ userAgent = "" }: AuditEvent): string {
  return /\((replica-\d+)\)$/.exec(userAgent)?.[1] ?? "";
}

function objectOf({ objectRef, verb, requestURI }: AuditEvent): string {
  if (objectRef === undefined) return `${verb} ${requestURI}`;
  const { resource, namespace = "-", name = "" } = objectRef;
  return `${resource} ${namespace}/${name}`;
}
