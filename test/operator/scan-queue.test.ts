import { describe, expect, test } from "vitest";
import { ScanQueue } from "../../src/operator/scan-queue.ts";
import { ManualClock } from "../kube/manual-clock.ts";

/** A queue whose passes last until the test ends them; each pass is noted with its time and what was asked for. */
class Scans {
  readonly clock = new ManualClock();
  readonly passes: string[] = [];
  readonly failures: string[] = [];
  readonly queue: ScanQueue;
  #end: PromiseWithResolvers<void> | undefined;
  #endsAtOnce = true;

  constructor() {
    this.queue = new ScanQueue({
      clock: this.clock,
      run: (policies) => {
        const asked = [...policies].map(([name, reasons]) => `${name}: ${[...reasons].sort().join(" ")}`).sort();
        this.passes.push(`${this.clock.monotonic()} ms, ${asked.join(", ")}`);
        if (this.#endsAtOnce) return Promise.resolve();
        this.#end = Promise.withResolvers();
        return this.#end.promise;
      },
      failed: (error, policies) =>
        this.failures.push(`${(error as Error).message} of ${[...policies.keys()].sort().join(" and ")}`),
    });
  }

  /** From now on a pass lasts until `endPass`. */
  long(): this {
    this.#endsAtOnce = false;
    return this;
  }

  endPass(): void {
    this.#end?.resolve();
  }

  failPass(message: string): void {
    this.#end?.reject(new Error(message));
  }
}

describe("a queue of scans", () => {
  test("turns a burst of edits into one scan, once it is quiet for 300 ms", async () => {
    const scans = new Scans();
    for (let edit = 0; edit < 5; edit++) {
      scans.queue.request("a", "edit");
      await scans.clock.turn(100);
    }
    await scans.clock.turn(1_000);
    expect(scans.passes).toEqual(["700 ms, a: edit"]);
  });

  test("does not wait longer than 2 s for silence", async () => {
    const scans = new Scans();
    for (let edit = 0; edit < 25; edit++) {
      scans.queue.request("a", "edit");
      await scans.clock.turn(100);
    }
    expect(scans.passes).toEqual(["2000 ms, a: edit"]);
  });

  test("lets several policies share one pass, each with the reasons for which it is due", async () => {
    const scans = new Scans();
    scans.queue.request("a", "start");
    scans.queue.request("b", "schedule");
    scans.queue.request("a", "request");
    await scans.clock.turn(300);
    expect(scans.passes).toEqual(["300 ms, a: request start, b: schedule"]);
  });

  test("runs one pass at a time; what is asked for meanwhile is one more", async () => {
    const scans = new Scans().long();
    scans.queue.request("a", "start");
    await scans.clock.turn(300);
    scans.queue.request("a", "edit");
    scans.queue.request("b", "edit");
    await scans.clock.turn(10_000);
    expect(scans.passes).toHaveLength(1);
    scans.endPass();
    await scans.clock.turn(300);
    expect(scans.passes.slice(1)).toEqual(["10300 ms, a: edit, b: edit"]);
  });

  test("hands over what a pass throws, with the policies it was about, and goes on", async () => {
    const scans = new Scans().long();
    scans.queue.request("b", "start");
    scans.queue.request("a", "start");
    await scans.clock.turn(300);
    scans.failPass("no answer");
    await scans.clock.turn(0);
    scans.queue.request("a", "edit");
    await scans.clock.turn(300);
    expect(scans.failures).toEqual(["no answer of a and b"]);
    expect(scans.passes.slice(1)).toEqual(["600 ms, a: edit"]);
  });

  test("does not scan a policy that was deleted before its turn came", async () => {
    const scans = new Scans();
    scans.queue.request("a", "edit");
    scans.queue.request("b", "edit");
    scans.queue.forget("a");
    await scans.clock.turn(300);
    expect(scans.passes).toEqual(["300 ms, b: edit"]);
  });

  test("goes on after all that was asked for was deleted", async () => {
    const scans = new Scans();
    scans.queue.request("a", "edit");
    scans.queue.forget("a");
    await scans.clock.turn(300);
    scans.queue.request("b", "edit");
    await scans.clock.turn(300);
    expect(scans.passes).toEqual(["600 ms, b: edit"]);
  });
});

describe("a queue of scans that stops", () => {
  test("waits for the pass under way, and begins no other", async () => {
    const scans = new Scans().long();
    scans.queue.request("a", "start");
    await scans.clock.turn(300);
    scans.queue.request("b", "start");
    let stopped = false;
    const stopping = scans.queue.stop().then(() => {
      stopped = true;
    });
    await scans.clock.turn(10_000);
    expect(stopped).toBe(false);
    scans.endPass();
    await stopping;
    await scans.clock.turn(10_000);
    expect(scans.passes).toHaveLength(1);
  });

  test("takes no more requests", async () => {
    const scans = new Scans();
    await scans.queue.stop();
    scans.queue.request("a", "edit");
    await scans.clock.turn(10_000);
    expect(scans.passes).toEqual([]);
    expect(scans.clock.pending).toBe(0);
  });
});
