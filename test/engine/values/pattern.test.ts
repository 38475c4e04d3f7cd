import { describe, expect, it } from "vitest";
import { findsPattern, isPattern, matchesPattern } from "../../../src/engine/values/pattern.ts";

describe("a pattern", () => {
  it("matches the whole value, as it is written", () => {
    expect(["web", "Web", "web-1", "my-web", ""].map((value) => matchesPattern("web", value))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("is found anywhere, in any letter case", () => {
    expect(["web", "MY-WEB-1", "we", ""].map((text) => findsPattern("Web", text))).toEqual([true, true, false, false]);
  });

  it("is one that RE2 takes", () => {
    expect(["a+", "", "(", "a(?=b)"].map(isPattern)).toEqual([true, true, false, false]);
    expect(() => matchesPattern("(", "(")).toThrow();
  });

  it("is not taken for another, however many there are and however often they come", () => {
    const patterns = Array.from({ length: 600 }, (_, at) => `web-${at}`);
    for (const pattern of [...patterns, ...patterns]) {
      expect(matchesPattern(pattern, pattern)).toBe(true);
      expect(matchesPattern(pattern, "web")).toBe(false);
    }
  });
});
