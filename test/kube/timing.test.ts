import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelay } from "../../src/kube/backoff.ts";
import { sleep, systemClock } from "../../src/kube/clock.ts";
import { microTime } from "../../src/kube/micro-time.ts";
import { compareVersions } from "../../src/kube/resource-version.ts";
import { ServerTime } from "../../src/kube/server-time.ts";
import { SyncSlots } from "../../src/kube/sync-slots.ts";
import { TokenBucket } from "../../src/kube/token-bucket.ts";
import { WritePacer } from "../../src/kube/write-pacer.ts";
import { ManualClock, settle } from "./manual-clock.ts";

describe("the server's time", () => {
  it("is the local one before the first answer", () => {
    const clock = new ManualClock();
    expect(new ServerTime(clock).now()).toBe(clock.now());
  });

  it("is known to half a second after one answer, and to the round trip after some", async () => {
    const clock = new ManualClock();
    const time = new ServerTime(clock);
    const ahead = 3_600_000 + 123;
    const trueTime = (): number => clock.now() + ahead;
    for (let i = 0; i < 200; i++) {
      const sentAt = clock.monotonic();
      await clock.turn(5);
      const header = new Date(trueTime()).toUTCString();
      await clock.turn(5);
      time.observe(header, sentAt, clock.monotonic());
      expect(Math.abs(time.now() - trueTime())).toBeLessThanOrEqual(510);
      await clock.turn(27);
    }
    expect(Math.abs(time.now() - trueTime())).toBeLessThanOrEqual(25);
  });

  it("does not feel a jump of the local clock", () => {
    const clock = new ManualClock();
    const time = new ServerTime(clock);
    time.observe(new Date(clock.now()).toUTCString(), 0, 0);
    const before = time.now();
    clock.jump(-3_600_000);
    expect(time.now()).toBe(before);
  });

  it("follows when the server's clock is set", () => {
    const clock = new ManualClock();
    const time = new ServerTime(clock);
    time.observe("Sat, 21 Nov 2026 07:25:00 GMT", 0, 0);
    time.observe("Sat, 21 Nov 2026 06:25:00 GMT", 0, 0);
    expect(new Date(time.now()).toISOString()).toBe("2026-11-21T06:25:00.500Z");
  });

  it("ignores a header that is no date", () => {
    const clock = new ManualClock();
    const time = new ServerTime(clock);
    time.observe("soon", 0, 0);
    time.observe(undefined, 0, 0);
    expect(time.now()).toBe(clock.now());
  });
});

describe("a rate limit", () => {
  it("lets a burst through and then one after the other", async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ qps: 10, burst: 3 }, clock);
    const passed: number[] = [];
    for (let i = 0; i < 6; i++) void bucket.take().then(() => passed.push(i));
    await settle();
    expect(passed).toEqual([0, 1, 2]);
    await clock.turn(100);
    expect(passed).toEqual([0, 1, 2, 3]);
    await clock.turn(200);
    expect(passed).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("gives back the turn of one who does not wait", async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ qps: 1, burst: 1 }, clock);
    await bucket.take();
    const stop = new AbortController();
    const waiting = expect(bucket.take(stop.signal)).rejects.toThrow("never mind");
    stop.abort(new Error("never mind"));
    await waiting;
    let passed = false;
    void bucket.take().then(() => {
      passed = true;
    });
    await clock.turn(1000);
    expect(passed).toBe(true);
  });

  it("refuses limits under which nothing would ever pass", () => {
    expect(() => new TokenBucket({ qps: 0, burst: 1 }, new ManualClock())).toThrow(RangeError);
    expect(() => new TokenBucket({ qps: 1, burst: 0 }, new ManualClock())).toThrow(RangeError);
  });
});

describe("slots for full passes", () => {
  it("let so many run at once, and the next when one ends, also when it fails", async () => {
    const slots = new SyncSlots(2);
    const { signal } = new AbortController();
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const started: number[] = [];
    const runs = gates.map((gate, i) =>
      slots.run(() => {
        started.push(i);
        return gate.promise;
      }, signal),
    );
    const results = Promise.allSettled(runs);
    await settle();
    expect(started).toEqual([0, 1]);
    gates[1]?.reject(new Error("broken"));
    await settle();
    expect(started).toEqual([0, 1, 2]);
    for (const gate of gates) gate.resolve();
    expect((await results).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  });

  it("pass over one who has stopped waiting", async () => {
    const slots = new SyncSlots(1);
    const gate = Promise.withResolvers<void>();
    const first = slots.run(() => gate.promise, new AbortController().signal);
    const stop = new AbortController();
    const second = expect(slots.run(async () => undefined, stop.signal)).rejects.toThrow("stopped");
    const third = slots.run(async () => "third", new AbortController().signal);
    stop.abort(new Error("stopped"));
    await second;
    gate.resolve();
    await first;
    expect(await third).toBe("third");
  });
});

describe("a sleep", () => {
  it("ends early and without an error when it is aborted, and leaves no timer", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const sleeping = sleep(clock, 1000, stop.signal);
    stop.abort();
    await sleeping;
    expect(clock.pending).toBe(0);
  });

  it("on the system's clock may be longer than a timer can be", async () => {
    const stop = new AbortController();
    let awake = false;
    const sleeping = sleep(systemClock, 2 ** 40, stop.signal).then(() => {
      awake = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(awake).toBe(false);
    stop.abort();
    await sleeping;
  });
});

describe("small things", () => {
  it("a backoff stays between half of and the whole delay", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, chance) => {
          const full = Math.min(30_000, 500 * 2 ** (failures - 1));
          const delay = backoffDelay(failures, { baseMs: 500, capMs: 30_000 }, () => chance);
          expect(delay).toBeGreaterThanOrEqual(full / 2);
          expect(delay).toBeLessThanOrEqual(full);
        },
      ),
    );
  });

  it("versions are compared only where both are decimal numbers", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.bigInt({ min: 0n, max: 2n ** 64n }), (a, b) => {
        expect(Math.sign(compareVersions(String(a), String(b)) ?? Number.NaN)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
    expect(compareVersions("12a", "7")).toBeUndefined();
    expect(compareVersions("007", "7")).toBeUndefined();
    expect(compareVersions("eyJ2IjoxfQ", "eyJ2IjoxfQ")).toBe(0);
  });

  it("MicroTime has exactly six digits", () => {
    expect(microTime(Date.parse("2026-11-21T07:25:00.12Z"))).toBe("2026-11-21T07:25:00.120000Z");
  });

  it("an object may be written once a second for each 32 KiB of it", async () => {
    const clock = new ManualClock();
    const pacer = new WritePacer(clock);
    expect(pacer.delayMs("a")).toBe(0);
    pacer.wrote("a", 100);
    pacer.wrote("b", 32 * 1024 * 3 + 1);
    expect([pacer.delayMs("a"), pacer.delayMs("b"), pacer.delayMs("c")]).toEqual([1000, 4000, 0]);
    await clock.turn(1000);
    expect([pacer.delayMs("a"), pacer.delayMs("b")]).toEqual([0, 3000]);
  });

  it("does not let a small write shorten the wait after a big one", async () => {
    const clock = new ManualClock();
    const pacer = new WritePacer(clock);
    pacer.wrote("a", 32 * 1024 * 4);
    await clock.turn(500);
    pacer.wrote("a", 100);
    expect(pacer.delayMs("a")).toBe(3500);
    await clock.turn(3000);
    pacer.wrote("a", 100);
    expect(pacer.delayMs("a")).toBe(1000);
  });
});
