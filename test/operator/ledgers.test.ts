import { expect, test } from "vitest";
import { silentLogger } from "../../src/kube/logger.ts";
import { SyncSlots } from "../../src/kube/sync-slots.ts";
import { ledgerKey } from "../../src/operator/ledger-key.ts";
import { LedgerStore } from "../../src/operator/ledger-store.ts";
import { Ledgers } from "../../src/operator/ledgers.ts";
import { clientOver, transportTo } from "../kube/fake-cluster.ts";
import { ManualClock } from "../kube/manual-clock.ts";

/** Ledgers of a cluster that nobody can reach. */
function unreachable(): Ledgers {
  const clock = new ManualClock();
  const client = clientOver(transportTo("http://127.0.0.1:9"), clock);
  const parts = { client, clock, random: Math.random, logger: silentLogger };
  const metrics = { restart: () => undefined, activity: () => undefined };
  const never = () => {
    throw new Error("nothing is looked at");
  };
  return new Ledgers({
    ...parts,
    store: new LedgerStore({ ...parts, slots: new SyncSlots(), metrics, onForeignChange: never }),
    world: { policy: never, baselineTakenAt: never, standing: never, evidence: never },
    mayWrite: () => false,
    onDepth: () => undefined,
    onWrite: never,
    onStepped: never,
    onRetired: never,
    onFailure: never,
    onDeadline: never,
  });
}

test("a scan that is asked for when ledgers have ended is not waited for", async () => {
  const ledgers = unreachable();
  await ledgers.run(AbortSignal.abort());

  await expect(ledgers.scan([ledgerKey("production", "shop")])).resolves.toBeUndefined();
});
