import { describe, expect, it } from "vitest";
import { nearest, suggestion } from "../../src/engine/nearest.ts";

const rules = ["cpu-limit", "memory-limit", "memory-request", "no-cpu-limit"];

describe("the nearest spelling", () => {
  it.each([
    ["memory-limt", "memory-limit"],
    ["memroy-limit", "memory-limit"],
    ["cpu-limits", "cpu-limit"],
    ["cpulimit", "cpu-limit"],
  ])("of %s is %s", (word, meant) => {
    expect(nearest(word, rules)).toBe(meant);
  });

  it("is none for a word that is like nothing", () => {
    expect(nearest("probes", rules)).toBeUndefined();
  });

  it("does not depend on the order of the candidates", () => {
    expect(nearest("b", ["c", "a"])).toBe("a");
  });

  it("becomes a question at the end of a message", () => {
    expect(suggestion("cpu-limt", rules)).toBe('; did you mean "cpu-limit"?');
  });

  it("adds nothing where there is none", () => {
    expect(suggestion("probes", rules)).toBe("");
  });
});
