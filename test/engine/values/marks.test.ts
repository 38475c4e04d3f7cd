import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsMark } from "../../../src/engine/values/marks.ts";

const marks = ["akia", "sk-a", ".ey0", "hub_"];
const isMarked = holdsMark(marks, "@");

describe("holdsMark", () => {
  it("says yes of every text that holds a mark, wherever and in whatever case", () => {
    const anyCase = fc.constantFrom(...marks, "@").chain((mark) => fc.mixedCase(fc.constant(mark)));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), anyCase, fc.string({ unit: "binary" }), (before, mark, after) => {
        expect(isMarked(before + mark + after)).toBe(true);
      }),
    );
  });

  it("says no of texts of letters and digits that hold none", () => {
    const plain = fc.stringMatching(/^[a-z0-9/]*$/).filter((text) => !text.includes("akia"));
    fc.assert(
      fc.property(plain, (text) => {
        expect(isMarked(text)).toBe(false);
      }),
    );
  });

  it("says no of all other four letters, however alike", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz".split("");
    const pairs = letters.flatMap((one) => letters.map((other) => one + other));
    const found = pairs.flatMap((one) => pairs.map((other) => one + other)).filter(isMarked);
    expect(found).toEqual(["akia"]);
  });

  it("does not put marks together from what stands apart", () => {
    expect(["ak-ia", "aki a", "sk-", "a-ks", ""].map(isMarked)).toEqual([false, false, false, false, false]);
  });
});
