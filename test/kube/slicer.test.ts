import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { Slicer } from "../../src/kube/slicer.ts";

test("work that comes in long pieces lets the event loop have a turn between two of them", async () => {
  let turns = 0;
  const seen: number[] = [];
  function* pieces(): Generator<undefined, string> {
    for (let piece = 0; piece < 3; piece++) {
      const startedAt = performance.now();
      while (performance.now() - startedAt < 12);
      seen.push(turns);
      yield;
    }
    return "done";
  }
  const count = () => {
    turns++;
    if (turns < 100) setImmediate(count);
  };
  setImmediate(count);

  await expect(new Slicer().drive(pieces())).resolves.toBe("done");
  expect(seen[0]).toBe(0);
  expect(seen[1]).toBeGreaterThan(0);
  expect(seen[2]).toBeGreaterThan(seen[1] ?? 0);
});
