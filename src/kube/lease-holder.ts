import type { ObjectKey } from "./api-type.ts";
import type { KubeClient } from "./client.ts";
import { type Clock, sleep } from "./clock.ts";
import { NotFoundError } from "./errors.ts";
import { LEASE, type LeaseRecord, readLease } from "./lease-record.ts";

/** Whoever holds a Lease renews it every two seconds. */
const LOOK_EVERY_MS = 500;

/**
 * Who holds a Lease and is alive, empty if nobody. What the record says about time was written by another clock, so it is looked at until it is
 * renewed, or until it would have run out: as a rule two seconds, 15 after a holder that died. Throws KubeError, or the reason of an aborted signal.
 */
export async function liveHolder(
  client: KubeClient,
  key: ObjectKey,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  const first = await read(client, key, signal);
  const patience = first?.durationMs ?? 0;
  const startedAt = clock.monotonic();
  let seen = first;
  while (seen !== undefined && seen.holder !== "") {
    if (seen.resourceVersion !== first?.resourceVersion) return seen.holder;
    if (clock.monotonic() - startedAt >= patience) return "";
    await sleep(clock, LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
    seen = await read(client, key, signal);
  }
  return "";
}

async function read(client: KubeClient, key: ObjectKey, signal: AbortSignal): Promise<LeaseRecord | undefined> {
  try {
    return readLease(await client.get(LEASE, key, { signal }));
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
