import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { WorkQueue } from "../../src/kube/work-queue.ts";
import { ManualClock, settle } from "./manual-clock.ts";

let clock: ManualClock;
let queue: WorkQueue;
let depths: number[];

beforeEach(() => {
  clock = new ManualClock();
  depths = [];
  queue = new WorkQueue({ clock, random: () => 1, onDepth: (depth) => depths.push(depth), baseMs: 100, capMs: 1000 });
});

describe("a work queue", () => {
  it("gives keys in the order in which they came, each once", async () => {
    for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual(["a", "b", "c"]);
    expect(depths).toEqual([1, 2, 3, 2, 1, 0]);
  });

  it("lets a taker wait for the next key", async () => {
    const taken = queue.take();
    queue.add("a");
    expect(await taken).toBe("a");
  });

  it("gives a key that was added while at work again, but only when that is done", async () => {
    queue.add("a");
    await queue.take();
    queue.add("a");
    queue.add("a");
    const second = queue.take();
    let taken = false;
    void second.then(() => {
      taken = true;
    });
    await settle();
    expect(taken).toBe(false);
    queue.done("a");
    expect(await second).toBe("a");
    queue.done("a");
    expect(queue.depth).toBe(0);
  });

  it("takes the earliest of several delays", async () => {
    queue.addAfter("a", 500);
    queue.addAfter("a", 200);
    queue.addAfter("a", 900);
    await clock.turn(199);
    expect(queue.depth).toBe(0);
    await clock.turn(1);
    expect(await queue.take()).toBe("a");
    queue.done("a");
    await clock.turn(10_000);
    expect(queue.depth).toBe(0);
  });

  it("forgets a delay when the key is added at once", async () => {
    queue.addAfter("a", 500);
    queue.add("a");
    expect(await queue.take()).toBe("a");
    queue.done("a");
    await clock.turn(10_000);
    expect(queue.depth).toBe(0);
  });

  it("doubles the delay with each retry up to a cap, until the key is forgotten", () => {
    expect([1, 2, 3, 4, 5, 6].map(() => queue.retry("a"))).toEqual([100, 200, 400, 800, 1000, 1000]);
    queue.forget("a");
    expect(queue.retry("a")).toBe(100);
    expect(queue.retry("b")).toBe(100);
  });

  it("waits at least as long as a server asked for", () => {
    expect(queue.retry("a", 5000)).toBe(5000);
  });

  it("takes off up to half of a delay by chance", () => {
    const lucky = new WorkQueue({ clock, random: () => 0, baseMs: 100 });
    expect(lucky.retry("a")).toBe(50);
  });

  it("gives null to all takers when it is closed, and drops what waits", async () => {
    const waiting = queue.take();
    await queue.close();
    queue.add("a");
    queue.addAfter("b", 10);
    expect([await waiting, await queue.take()]).toEqual([null, null]);
    expect(clock.pending).toBe(0);
  });

  it("is closed only when the last worker is done", async () => {
    queue.add("a");
    await queue.take();
    queue.addAfter("b", 100);
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    await settle();
    expect(closed).toBe(false);
    queue.done("a");
    await closing;
    expect(clock.pending).toBe(0);
  });

  it("never gives a key to two workers, and loses none, whatever happens", async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("add" as const), key: fc.constantFrom("a", "b", "c") }),
      fc.record({ do: fc.constant("later" as const), key: fc.constantFrom("a", "b", "c"), ms: fc.nat({ max: 300 }) }),
      fc.record({ do: fc.constant("take" as const) }),
      fc.record({ do: fc.constant("done" as const) }),
      fc.record({ do: fc.constant("turn" as const), ms: fc.nat({ max: 300 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const time = new ManualClock();
        const tested = new WorkQueue({ clock: time, random: () => 1 });
        const working: string[] = [];
        const wanted = new Set<string>();
        const take = async (): Promise<void> => {
          if (tested.depth === 0) return;
          const key = await tested.take();
          if (key === null) throw new Error("closed");
          expect(working).not.toContain(key);
          working.push(key);
          wanted.delete(key);
        };
        for (const next of steps) {
          if (next.do === "add") {
            tested.add(next.key);
            wanted.add(next.key);
          } else if (next.do === "later") {
            tested.addAfter(next.key, next.ms);
            wanted.add(next.key);
          } else if (next.do === "take") await take();
          else if (next.do === "done") {
            const key = working.shift();
            if (key !== undefined) tested.done(key);
          } else await time.turn(next.ms);
        }
        await time.turn(1000);
        for (const key of working.splice(0)) tested.done(key);
        while (tested.depth > 0) {
          await take();
          for (const key of working.splice(0)) tested.done(key);
        }
        expect([...wanted]).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
