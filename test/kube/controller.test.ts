import { describe, expect, it } from "vitest";
import { type ControllerOptions, runController } from "../../src/kube/controller.ts";
import { apiError } from "../../src/kube/errors.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { WorkQueue } from "../../src/kube/work-queue.ts";
import { ManualClock, settle } from "./manual-clock.ts";

function start(reconcile: ControllerOptions["reconcile"], workers = 1) {
  const clock = new ManualClock();
  const queue = new WorkQueue({ clock, random: () => 1, baseMs: 100 });
  const stop = new AbortController();
  const results: string[] = [];
  const running = runController(
    {
      name: "test",
      queue,
      reconcile,
      workers,
      logger: silentLogger,
      onReconciled: (key, result) => results.push(`${key} ${result}`),
    },
    stop.signal,
  );
  const end = (): Promise<void> => {
    stop.abort(new Error("the test is over"));
    return running;
  };
  return { clock, queue, results, end };
}

const refused = (status: number, reason: string, retryAfterMs: number | null = null) =>
  apiError("PUT /x", { status, reason, message: "", causes: [], retryAfterMs });

describe("a controller", () => {
  it("tries a key again after a failure, and starts over after a success", async () => {
    let failures = 2;
    const { clock, queue, results, end } = start(async () => {
      if (failures-- > 0) throw new Error("not yet");
      return undefined;
    });
    queue.add("a");
    await clock.turn(100);
    await clock.turn(200);
    expect(results).toEqual(["a error", "a error", "a ok"]);
    await clock.turn(100_000);
    expect(results).toHaveLength(3);
    await end();
  });

  it("looks again when the reconcile asks for it", async () => {
    const { clock, queue, results, end } = start(async () => ({ againInMs: 5000 }));
    queue.add("a");
    await clock.turn(4999);
    expect(results).toEqual(["a ok"]);
    await clock.turn(1);
    expect(results).toEqual(["a ok", "a ok"]);
    await end();
  });

  it("lets others have a turn between keys that wait for nothing", async () => {
    const { queue, results, end } = start(async () => {
      const until = performance.now() + 15;
      while (performance.now() < until);
      return undefined;
    }, 2);
    // A turn in which nothing else goes on.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    const doneAtTurns = new Set<number>();
    const look = (): void => {
      doneAtTurns.add(results.length);
      if (results.length < 6) setImmediate(look);
    };
    look();
    for (const key of ["a", "b", "c", "d", "e", "f"]) queue.add(key);
    await expect.poll(() => results).toHaveLength(6);
    expect([...doneAtTurns].filter((done) => done < 6)).toEqual([0, 1, 2, 3, 4, 5]);
    await end();
  });

  it("takes a conflict for what it is: somebody else was faster", async () => {
    const { clock, queue, results, end } = start(async () => {
      throw refused(409, "Conflict");
    });
    queue.add("a");
    await clock.turn(0);
    expect(results).toEqual(["a conflict"]);
    await end();
  });

  it("waits as long as a throttling server asks for", async () => {
    const { clock, queue, results, end } = start(async () => {
      throw refused(429, "TooManyRequests", 30_000);
    });
    queue.add("a");
    await clock.turn(29_999);
    expect(results).toHaveLength(1);
    await clock.turn(1);
    expect(results).toHaveLength(2);
    await end();
  });

  it("works on as many keys at once as it has workers", async () => {
    const gates = new Map<string, () => void>();
    const { queue, end } = start((key) => new Promise((resolve) => gates.set(key, () => resolve(undefined))), 2);
    for (const key of ["a", "b", "c"]) queue.add(key);
    await settle();
    expect([...gates.keys()]).toEqual(["a", "b"]);
    gates.get("a")?.();
    await settle();
    expect([...gates.keys()]).toEqual(["a", "b", "c"]);
    for (const open of gates.values()) open();
    await end();
  });

  it("ends when its work in hand is done", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { queue, end } = start(() => gate.promise);
    queue.add("a");
    await settle();
    let ended = false;
    const ending = end().then(() => {
      ended = true;
    });
    await settle();
    expect(ended).toBe(false);
    gate.resolve(undefined);
    await ending;
  });
});
