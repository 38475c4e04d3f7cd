import { describe, expect, it } from "vitest";
import { namesInShort } from "../../../src/engine/values/names-in-short.ts";

describe("names in short", () => {
  it.each([
    [[], ""],
    [["a"], "a"],
    [["c", "a", "b"], "a, b, c"],
    [["d", "c", "a", "b"], "a, b, c and 1 more"],
    [["a", "a", "b"], "a, b"],
    [["a\nb"], "a\\u000ab"],
  ])("of %j are %j", (names, text) => {
    expect(namesInShort(names)).toBe(text);
  });
});
