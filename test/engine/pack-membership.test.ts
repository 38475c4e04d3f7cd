import { describe, expect, it } from "vitest";
import { packParams } from "../../src/engine/pack-membership.ts";

const at = (minor: number) => ({ major: 1, minor });

describe("membership in a pack", () => {
  it("brings its parameters in every release where it names none", () => {
    expect([0, 37].map((minor) => packParams({ max: 3 }, at(minor)))).toEqual([{ max: 3 }, { max: 3 }]);
  });

  it("is none where the rule does not name the pack", () => {
    expect(packParams(undefined, at(37))).toBeUndefined();
  });

  it.each([
    [7, undefined],
    [8, {}],
    [9, {}],
    [10, undefined],
    [11, { max: 3 }],
    [100, { max: 3 }],
  ])("holds from the first to the last release that it names, as in 1.%i", (minor, expected) => {
    const membership = [
      { from: "1.8", to: "1.9" },
      { from: "1.11", params: { max: 3 } },
    ] as const;
    expect(packParams(membership, at(minor))).toEqual(expected);
  });

  it("begins with the first release where it names an end alone", () => {
    expect([0, 18, 19].map((minor) => packParams([{ to: "1.18" }], at(minor)))).toEqual([{}, {}, undefined]);
  });
});
