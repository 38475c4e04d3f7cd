import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { liveHolder } from "../../src/kube/lease-holder.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer } from "./fake-api-server.ts";
import { clientOver, transportTo } from "./fake-cluster.ts";
import { FakeObjects } from "./fake-objects.ts";
import { ManualClock } from "./manual-clock.ts";

const path = "/apis/coordination.k8s.io/v1/namespaces/pawl/leases/operator";
const durationMs = 15_000;

let server: FakeApiServer;
let objects: FakeObjects;
let transport: HttpTransport;
let clock: ManualClock;

beforeEach(async () => {
  server = await FakeApiServer.start();
  objects = new FakeObjects();
  server.faults.push(objects.serve);
  transport = transportTo(server.url);
  clock = new ManualClock();
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

/** As somebody writes it, at a time that their clock says. */
function write(holder: string, resourceVersion: string): void {
  objects.byPath.set(path, {
    metadata: { namespace: "pawl", name: "operator", resourceVersion },
    spec: { holderIdentity: holder, leaseDurationSeconds: durationMs / 1000, renewTime: "1999-01-01T00:00:00.000000Z" },
  });
}

function look(signal = new AbortController().signal): Promise<string> {
  return liveHolder(clientOver(transport), { namespace: "pawl", name: "operator" }, clock, signal);
}

/** Until it has looked once more and waits for the next time. */
async function looked(): Promise<void> {
  await vi.waitFor(() => expect(clock.pending).toBe(1), { interval: 5 });
}

describe("a Lease", () => {
  it("that does not exist is held by nobody", async () => {
    expect(await look()).toBe("");
  });

  it("that was released is held by nobody", async () => {
    write("", "1");

    expect(await look()).toBe("");
  });

  it("that is renewed is held, whatever time its record tells", async () => {
    write("pod-1", "1");
    const holder = look();
    await looked();
    write("pod-1", "2");
    await clock.turn(500);

    expect(await holder).toBe("pod-1");
  });

  it("that passes on is held by its successor", async () => {
    write("pod-1", "1");
    const holder = look();
    await looked();
    write("pod-2", "2");
    await clock.turn(500);

    expect(await holder).toBe("pod-2");
  });

  it("that is released meanwhile is held by nobody", async () => {
    write("pod-1", "1");
    const holder = look();
    await looked();
    write("", "2");
    await clock.turn(500);

    expect(await holder).toBe("");
  });

  it("that nobody renews is held until it would have run out, and by nobody then", async () => {
    write("pod-1", "1");
    let holder: string | undefined;
    const seen = look().then((found) => {
      holder = found;
    });
    for (let waited = 0; waited < durationMs; waited += 500) {
      await looked();
      expect(holder).toBeUndefined();
      await clock.turn(500);
    }
    await seen;

    expect(holder).toBe("");
  });

  it("is looked at no longer once that is not asked for any more", async () => {
    write("pod-1", "1");
    const stopping = new AbortController();
    const holder = look(stopping.signal);
    await looked();
    stopping.abort(new Error("stopped"));

    await expect(holder).rejects.toThrow("stopped");
  });
});
