import { describe, expect, it } from "vitest";
import { nameList } from "../../../src/engine/values/name-list.ts";

describe("a list of names", () => {
  it("is sorted", () => {
    expect(nameList(["c", "a", "b"])).toBe("a, b, c");
  });

  it("counts what is more than three", () => {
    expect(nameList(new Set(["d", "c", "a", "b", "e"]))).toBe("a, b, c and 2 more");
  });
});
