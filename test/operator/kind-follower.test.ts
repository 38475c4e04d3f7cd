import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/kube/clock.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { SyncSlots } from "../../src/kube/sync-slots.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { KindFollower } from "../../src/operator/kind-follower.ts";
import { FakeApiServer, refuse, WIDGET } from "../kube/fake-api-server.ts";
import { clientOver, transportTo, until } from "../kube/fake-cluster.ts";
import { hurriedClock } from "../kube/faults/hurried-clock.ts";

const widgets = "Widget.fake.example";

let server: FakeApiServer;
let transport: HttpTransport;

beforeEach(async () => {
  server = await FakeApiServer.start();
  transport = transportTo(server.url);
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

/** Follows widgets, tells of its states, and listens to nothing else. */
function followWidgets(
  clock: Clock,
  on: { readonly state?: (follower: KindFollower) => void; readonly readLate?: () => void } = {},
): KindFollower {
  const follower: KindFollower = new KindFollower({
    client: clientOver(transport, systemClock),
    clock,
    // The shortest pauses: a watch is tried twice as often as a whole reading.
    random: () => 0,
    logger: silentLogger,
    metrics: { restart: () => undefined, activity: () => undefined },
    slots: new SyncSlots(),
    listener: {
      basis: () => undefined,
      onObject: () => undefined,
      onGone: () => undefined,
      onNotServed: () => undefined,
      onState: () => on.state?.(follower),
      onReadLate: () => on.readLate?.(),
    },
  });
  follower.follow(new Map([[widgets, { type: WIDGET, metadataOnly: false, watch: true }]]));
  return follower;
}

describe("a kind that could not be read", () => {
  it("is read as soon as its watch works again, and not only after the pause between two attempts", async () => {
    // Slow enough that requests take no time worth mentioning.
    const clock = hurriedClock(10);
    let currentAt = Number.POSITIVE_INFINITY;
    let readAt = Number.POSITIVE_INFINITY;
    let forbidden = true;
    server.faults.push((_, response) => forbidden && refuse(response, 403, "Forbidden"));
    server.put("anchor");
    const follower = followWidgets(clock, {
      state: (of) => {
        if (of.stale(widgets) === null) currentAt = Math.min(currentAt, clock.monotonic());
      },
      readLate: () => {
        readAt = clock.monotonic();
      },
    });
    const unread = await follower.relist([widgets]);
    expect([...unread]).toEqual([widgets]);

    // By then the pause is the longest, 30 s.
    await until(() => clock.monotonic() > 33_000);
    forbidden = false;
    await until(() => unread.size === 0);

    expect(readAt - currentAt).toBeLessThan(5_000);
    await follower.stop();
  });

  it("says since when by the server's clock, also where the clock of this machine has jumped since", async () => {
    let jumpedMs = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() + jumpedMs };
    server.faults.push((_, response) => refuse(response, 403, "Forbidden"));
    const startedAt = Date.now();
    const follower = followWidgets(clock);
    await follower.relist([widgets]);

    jumpedMs = -3_600_000;

    const { since = 0 } = follower.stale(widgets) ?? {};
    expect(Math.abs(since - startedAt)).toBeLessThan(10_000);
    await follower.stop();
  });
});
