import type { ApiType } from "./api-type.ts";
import { microTime } from "./micro-time.ts";
import { identityOf, isRecord, metadataOf, type RawObject, text } from "./object.ts";

export const LEASE: ApiType = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
};

/** A Lease as leader election sees it. */
export interface LeaseRecord {
  readonly resourceVersion: string;
  /** Empty when nobody holds it. */
  readonly holder: string;
  /** 0 where the record does not say. */
  readonly durationMs: number;
  readonly acquireTime: string;
  readonly transitions: number;
}

export function readLease(object: RawObject): LeaseRecord {
  const spec = isRecord(object.spec) ? object.spec : {};
  return {
    resourceVersion: identityOf(object).resourceVersion,
    holder: text(spec.holderIdentity),
    durationMs: typeof spec.leaseDurationSeconds === "number" ? spec.leaseDurationSeconds * 1000 : 0,
    acquireTime: text(spec.acquireTime),
    transitions: typeof spec.leaseTransitions === "number" ? spec.leaseTransitions : 0,
  };
}

/** The Lease held by `holder` from now on; renewed if it held it before. `now` in milliseconds since the epoch. */
export function heldLease(
  previous: RawObject | null,
  lease: { readonly namespace: string; readonly name: string; readonly holder: string; readonly durationMs: number },
  now: number,
): RawObject {
  const before = previous === null ? null : readLease(previous);
  const renewed = before?.holder === lease.holder && before.acquireTime !== "";
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: previous === null ? { namespace: lease.namespace, name: lease.name } : metadataOf(previous),
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: Math.ceil(lease.durationMs / 1000),
      acquireTime: renewed ? before.acquireTime : microTime(now),
      renewTime: microTime(now),
      leaseTransitions: before === null ? 0 : before.transitions + (renewed ? 0 : 1),
    },
  };
}

/** The Lease that anybody may take at once. */
export function releasedLease(previous: RawObject, now: number): RawObject {
  const before = readLease(previous);
  return {
    ...previous,
    spec: {
      holderIdentity: "",
      leaseDurationSeconds: 1,
      acquireTime: before.acquireTime === "" ? microTime(now) : before.acquireTime,
      renewTime: microTime(now),
      leaseTransitions: before.transitions,
    },
  };
}
