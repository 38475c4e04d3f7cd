import { describe, expect, test } from "vitest";
import { NotInTimeError, until } from "../../tools/demo/until.ts";

const never = new AbortController().signal;

/** Reads 1, 2, 3, … */
function counting(): () => Promise<number> {
  let count = 0;
  return async () => {
    count += 1;
    return count;
  };
}

const quick = { withinMs: 10_000, everyMs: 1, signal: never, describe: (seen: number) => `the number ${seen}` };

describe("waiting for a condition", () => {
  test("returns what was read when it held", async () => {
    expect(await until({ ...quick, read: counting(), holds: (seen) => seen === 3 })).toBe(3);
  });

  test("takes a read that fails for not yet", async () => {
    const next = counting();
    const read = async () => {
      const seen = await next();
      if (seen < 3) throw new Error("not found");
      return seen;
    };
    expect(await until({ ...quick, read, holds: () => true })).toBe(3);
  });

  test("gives up at the deadline and tells what was seen last", async () => {
    const waiting = until({ ...quick, withinMs: 20, read: async () => 7, holds: () => false });
    await expect(waiting).rejects.toThrow(new NotInTimeError("not within 0.02 s; last seen: the number 7"));
  });

  test("gives up at the deadline while a read hangs", async () => {
    const read = (signal: AbortSignal) =>
      new Promise<number>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const waiting = until({ ...quick, withinMs: 20, read, holds: () => true });
    await expect(waiting).rejects.toThrow("last seen: nothing");
  });

  test("ends at once when it is told to, with the reason that was given", async () => {
    const stop = new AbortController();
    const waiting = until({ ...quick, signal: stop.signal, everyMs: 60_000, read: async () => 1, holds: () => false });
    stop.abort(new Error("Ctrl-C"));
    await expect(waiting).rejects.toThrow("Ctrl-C");
  });
});
