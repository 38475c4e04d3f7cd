import type { ApiType } from "./api-type.ts";
import type { KubeClient, WriteOptions } from "./client.ts";
import { deepEqual } from "./deep-equal.ts";
import { AlreadyExistsError, ConflictError, NotFoundError } from "./errors.ts";
import { identityOf, isRecord, metadataOf, type RawObject } from "./object.ts";

/** `conflict`: somebody else wrote in between. Read again and decide again. */
export type WriteOutcome = "created" | "updated" | "unchanged" | "conflict";

export interface WriteResult {
  readonly outcome: WriteOutcome;
  /** As stored; null after a conflict. */
  readonly object: RawObject | null;
}

export interface EnsureRequest extends WriteOptions {
  readonly client: KubeClient;
  readonly type: ApiType;
  /** As last read, with its resourceVersion; null where it is not there. */
  readonly previous: RawObject | null;
  /**
   * As it shall be: all fields but `metadata` as a whole, so that one left out is removed. Of `metadata` it names the labels,
   * annotations, owners and finalizers it wants; those that others added stay. `status` stays too where it is left out.
   */
  readonly desired: RawObject;
}

/** Writes the object if it differs from what is desired, and only over the version that was read. Throws KubeError. */
export async function ensure(request: EnsureRequest): Promise<WriteResult> {
  const { client, type, previous, desired } = request;
  const options = { dryRun: request.dryRun, signal: request.signal };
  try {
    if (previous === null) return { outcome: "created", object: await client.create(type, desired, options) };
    const next = merge(previous, desired);
    if (deepEqual(comparable(previous), comparable(next))) return { outcome: "unchanged", object: previous };
    return { outcome: "updated", object: await client.replace(type, next, options) };
  } catch (error) {
    // Gone since we read it, or there since we did not find it: for the caller it is the same.
    if (
      error instanceof ConflictError ||
      error instanceof AlreadyExistsError ||
      (previous !== null && error instanceof NotFoundError)
    )
      return { outcome: "conflict", object: null };
    throw error;
  }
}

/** True when a write of `desired` over `previous` would change nothing. */
export function isInPlace(previous: RawObject, desired: RawObject): boolean {
  return deepEqual(comparable(previous), comparable(merge(previous, desired)));
}

function merge(previous: RawObject, desired: RawObject): RawObject {
  const before = metadataOf(previous);
  const wanted = metadataOf(desired);
  const { uid, name, namespace, resourceVersion } = identityOf(previous);
  return {
    ...(previous.status !== undefined && { status: previous.status }),
    ...desired,
    metadata: {
      name,
      ...(namespace !== "" && { namespace }),
      uid,
      resourceVersion,
      labels: mergeMap(before.labels, wanted.labels),
      annotations: mergeMap(before.annotations, wanted.annotations),
      ownerReferences: wanted.ownerReferences ?? before.ownerReferences,
      finalizers: wanted.finalizers ?? before.finalizers,
    },
  };
}

function mergeMap(before: unknown, wanted: unknown): RawObject | undefined {
  if (!isRecord(before) && !isRecord(wanted)) return undefined;
  return { ...(isRecord(before) ? before : {}), ...(isRecord(wanted) ? wanted : {}) };
}

/** What a write can change: the server keeps the rest of `metadata` to itself. */
function comparable(object: RawObject): RawObject {
  const { labels, annotations, ownerReferences, finalizers } = metadataOf(object);
  return { ...object, metadata: { labels, annotations, ownerReferences, finalizers } };
}
