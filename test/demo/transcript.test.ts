import { describe, expect, test } from "vitest";
import { steady } from "../../tools/demo/transcript.ts";

describe("a line of the transcript", () => {
  test("is the same whatever second an object was born in", () => {
    expect(steady("production   True    41    3s          7s")).toBe(
      steady("production   True    41    59s         48s"),
    );
  });

  test("keeps its columns where they were", () => {
    expect(steady("shop   12s     C\nlegacy   2m3s   E")).toBe("shop   <1m     C\nlegacy   2m     E");
  });

  test("shows an age of more than a minute in whole minutes", () => {
    expect([steady("61s"), steady("1h5m"), steady("3m59s")]).toEqual(["1m", "65m", "3m"]);
  });

  test("leaves out the times of a digest", () => {
    expect(steady("since Sat 21 Nov 2026, 09:00 · payments")).toBe("since <time> · payments");
  });

  test("keeps words and numbers that are no age", () => {
    const line = "shop   checkout-5s   12   registry.example.com/shop:3.0.1s  m";
    expect(steady(line)).toBe(line);
  });
});
