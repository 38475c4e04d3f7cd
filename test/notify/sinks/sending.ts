import { systemClock } from "../../../src/kube/clock.ts";
import { DeliveryError } from "../../../src/notify/sinks/delivery-error.ts";
import type { Network, SinkIo } from "../../../src/notify/sinks/sink-io.ts";

/** The time at which everything here is sent. */
export const sentAt = Date.parse("2026-11-21T08:00:00Z");

/** The world as it is, but always at the same time of day. */
export function io(network: Partial<Network> = {}): SinkIo {
  return {
    clock: { ...systemClock, now: () => sentAt },
    network: { proxies: {}, deadlineMs: 20_000, ...network },
  };
}

export const never: AbortSignal = new AbortController().signal;

/** The error with which a delivery failed. */
export async function failureOf(delivery: Promise<unknown>): Promise<DeliveryError> {
  try {
    await delivery;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
  throw new Error("expected a DeliveryError, but the delivery succeeded");
}
