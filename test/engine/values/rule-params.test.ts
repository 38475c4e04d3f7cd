import { describe, expect, it } from "vitest";
import { matchesPattern } from "../../../src/engine/values/pattern.ts";
import { kindPatternParam, patternParam, quantityParam, releaseParam } from "../../../src/engine/values/rule-params.ts";

describe("parameter types", () => {
  it.each([
    ["quantity", quantityParam, ["500m", "1Gi", 2, 0.5], ["", "a lot", "1K", null]],
    ["release", releaseParam, ["1.9", "1.29"], ["1", "v1.29", "1.29.3", "2.0", 1.29]],
    [
      "kind pattern",
      kindPatternParam,
      ["workloads", "*", "Pod", "Deployment.apps", "*.argoproj.io"],
      ["", "*.", "Deployment.", ".apps", "a b", "**"],
    ],
    ["pattern", patternParam, ["web|db", "[a-z]+", ""], ["(", "[z-a]", "a(?=b)"]],
  ])("a %s", (_, schema, taken, refused) => {
    expect(taken.filter((value) => !schema.safeParse(value).success)).toEqual([]);
    expect(refused.filter((value) => schema.safeParse(value).success)).toEqual([]);
  });
});

describe("matchesPattern", () => {
  it("matches the whole value", () => {
    expect(["web", "db", "webshop", "my-db", ""].map((value) => matchesPattern("web|db", value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("takes linear time on a pattern that makes others hang", () => {
    expect(matchesPattern("(a+)+b", `${"a".repeat(5000)}c`)).toBe(false);
  });
});
