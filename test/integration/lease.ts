import { waitFor } from "./cluster.ts";
import type { Bench } from "./operator/bench.ts";
import type { RunningOperator } from "./operator/running-operator.ts";

const path = "/apis/coordination.k8s.io/v1/namespaces/pawl-system/leases/pawl-operator";

/** Who holds the operator's Lease; empty when it was released. */
export async function leaseHolder(bench: Bench): Promise<string> {
  const lease = await bench.find<{ readonly spec: { readonly holderIdentity?: string } }>(path);
  return lease?.spec.holderIdentity ?? "";
}

export async function untilHeldBy(bench: Bench, replica: RunningOperator): Promise<void> {
  await waitFor(() => leaseHolder(bench), {
    describe: `the Lease to be held by ${replica.name}`,
    until: (holder) => holder === replica.name,
    timeoutMs: 30_000,
  });
}

/** Takes the Lease from a leader that is dead, so that the next one need not wait until it has run out. */
export async function releaseLease(bench: Bench): Promise<void> {
  await bench.request("PATCH", path, { spec: { holderIdentity: "" } }, { contentType: "application/merge-patch+json" });
}
