import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../src/engine/glob.ts";

describe("a namespace glob", () => {
  it.each([
    ["shop-*", "shop-eu", true],
    ["shop-*", "shop-", true],
    ["shop-*", "shop", false],
    ["*-prod", "eu-prod", true],
    ["*-prod", "eu-prod-2", false],
    ["team-?", "team-a", true],
    ["team-?", "team-", false],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["*", "", true],
    ["shop", "shop", true],
    ["shop", "shops", false],
    ["s?o*p", "shoooop", true],
  ])("%s against %s: %s", (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected);
  });

  it("agrees with the regular expression that it stands for", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom("a", "b", "-", "*", "?"), maxLength: 6 });
    fc.assert(
      fc.property(patterns, letters, (pattern, name) => {
        const expression = pattern.replaceAll("*", ".*").replaceAll("?", ".");
        expect(matchesGlob(pattern, name)).toBe(new RegExp(`^${expression}$`).test(name));
      }),
    );
  });

  it("answers at once for a pattern that makes backtracking explode", () => {
    expect(matchesGlob(`${"*a".repeat(31)}b`, "a".repeat(63))).toBe(false);
  });
});
