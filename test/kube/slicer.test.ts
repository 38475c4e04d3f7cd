import { performance } from "node:perf_hooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { slicer } from "../../src/kube/slicer.ts";

let turns: number;
let isCounting: boolean;

beforeEach(() => {
  turns = 0;
  isCounting = true;
  const count = () => {
    turns++;
    if (isCounting) setImmediate(count);
  };
  setImmediate(count);
});

afterEach(() => {
  isCounting = false;
});

/** Work of longer than a slice in each piece, and the turns of the event loop in which they were done. */
function work() {
  const seen: number[] = [];
  function* pieces(): Generator<undefined, readonly number[]> {
    for (let piece = 0; piece < 3; piece++) {
      const startedAt = performance.now();
      while (performance.now() - startedAt < 12);
      seen.push(turns);
      yield;
    }
    return seen;
  }
  return pieces();
}

test("work that comes in long pieces lets the event loop have a turn between two of them", async () => {
  const seen = await slicer.drive(work());
  expect(new Set(seen).size).toBe(3);
});

test("of several that work in pieces one goes on in each turn", async () => {
  const all = await Promise.all([slicer.drive(work()), slicer.drive(work()), slicer.drive(work())]);
  // The first pieces are what each of them was called with.
  const later = all.flatMap(([, ...seen]) => seen);
  expect(new Set(later).size).toBe(later.length);
});
