import { beforeEach, describe, expect, it } from "vitest";
import { Delivery } from "../../src/kube/delivery.ts";
import { Freshness } from "../../src/kube/freshness.ts";
import { WIDGET } from "./fake-api-server.ts";
import { RecordingConsumer } from "./fake-cluster.ts";
import { ManualClock } from "./manual-clock.ts";

let clock: ManualClock;
let consumer: RecordingConsumer;
let freshness: Freshness;

beforeEach(() => {
  clock = new ManualClock();
  consumer = new RecordingConsumer();
  freshness = new Freshness({ clock, delivery: new Delivery(WIDGET, consumer), consumer });
});

describe("freshness that is lost", () => {
  it("is told once for a reason, whatever its message says each time, and shows the latest", async () => {
    await freshness.lost("error", "connection refused");
    await clock.turn(1_000);
    await freshness.lost("error", "503 ServiceUnavailable");
    expect(consumer.calls).toEqual(["stale error"]);
    expect(freshness.stale).toMatchObject({ reason: "error", message: "503 ServiceUnavailable" });
  });

  it("is told again when the reason changes, and since when stays", async () => {
    const since = clock.monotonic();
    await freshness.lost("error", "connection refused");
    await clock.turn(1_000);
    await freshness.lost("forbidden", "widgets is forbidden");
    expect(consumer.stales.map((stale) => [stale.reason, stale.since])).toEqual([
      ["error", since],
      ["forbidden", since],
    ]);
  });

  it("is told when it is back, once", async () => {
    await freshness.lost("error", "connection refused");
    await freshness.regained();
    await freshness.regained();
    expect(consumer.calls).toEqual(["stale error", "current"]);
    expect(freshness.stale).toBeNull();
  });
});
