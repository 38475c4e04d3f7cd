import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/kube/clock.ts";
import { ConflictError } from "../../../src/kube/errors.ts";
import { silentLogger } from "../../../src/kube/logger.ts";
import type { RawObject } from "../../../src/kube/object.ts";
import { SyncSlots } from "../../../src/kube/sync-slots.ts";
import { type LedgerKey, ledgerKey } from "../../../src/operator/ledger-key.ts";
import { LedgerStore } from "../../../src/operator/ledger-store.ts";
import { ApiStatusError } from "../../../tools/control-plane/index.ts";
import { installCrds } from "../api/installed-crds.ts";
import { request, uniqueName } from "../cluster.ts";
import { type Connection, connect } from "../kube/real-cluster.ts";

const signal = new AbortController().signal;
const collection = "/apis/pawl.dev/v1alpha1/baselines";

let connection: Connection;
/** As one leader sees it, who hears of nothing that others write. */
let store: LedgerStore;
let policy: string;
let key: LedgerKey;

beforeAll(async () => {
  await installCrds();
  connection = await connect();
});

afterAll(async () => {
  await connection[Symbol.asyncDispose]();
});

beforeEach(() => {
  policy = uniqueName("stored");
  key = ledgerKey(policy, "shop");
  store = new LedgerStore({
    client: connection.client,
    slots: new SyncSlots(),
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: { restart: () => undefined, activity: () => undefined },
    onForeignChange: () => undefined,
  });
});

function baseline(fixed = 0): RawObject {
  return {
    apiVersion: "pawl.dev/v1alpha1",
    kind: "Baseline",
    metadata: { name: nameOf(), labels: { "pawl.dev/policy": policy, "pawl.dev/namespace": "shop" } },
    format: 1,
    policyRef: { name: policy },
    namespace: "shop",
    takenAt: "2026-11-21T07:25:00Z",
    fixed,
    entryCount: 0,
    match: {},
    kinds: [],
    rules: {},
    holes: {},
    resources: [],
  };
}

const nameOf = () => `${policy}.ns.shop`;
const path = () => `${collection}/${nameOf()}`;
const remove = () => store.remove(key, "Baseline", { namespace: "", name: nameOf() }, signal);

describe("a Baseline that a leader removes", () => {
  test("is gone, and removing it again is no error", async () => {
    await store.put(key, baseline(), signal);
    await remove();
    await expect(request("GET", path())).rejects.toThrow(ApiStatusError);
    await remove();
  });

  test("stays where another one has written it meanwhile", async () => {
    const stored = await store.put(key, baseline(), signal);
    await request("PUT", path(), { ...stored, fixed: 7 });
    await expect(remove()).rejects.toThrow(ConflictError);
    expect(await request("GET", path())).toMatchObject({ fixed: 7 });
  });

  test("stays where it is another one of the same name", async () => {
    await store.put(key, baseline(), signal);
    await request("DELETE", path());
    await request("POST", collection, baseline(7));
    await expect(remove()).rejects.toThrow(ConflictError);
    expect(await request("GET", path())).toMatchObject({ fixed: 7 });
  });

  test("goes once what the other one wrote was read", async () => {
    const stored = await store.put(key, baseline(), signal);
    await request("PUT", path(), { ...stored, fixed: 7 });
    store.invalidate(key);
    store.expect(key, "Baseline", { namespace: "", name: nameOf() });
    const { baselines } = await store.load(key, signal);
    expect(baselines).toMatchObject([{ fixed: 7 }]);
    await remove();
    await expect(request("GET", path())).rejects.toThrow(ApiStatusError);
  });
});
