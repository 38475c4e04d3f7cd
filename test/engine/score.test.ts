import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coveragePercent, isWorse, posture } from "../../src/engine/score.ts";

const none = { Critical: 0, High: 0, Medium: 0, Low: 0 };

describe("a score", () => {
  it.each([
    ["no violation", 10, none, 100, "A"],
    ["every second resource with a High one", 10, { ...none, High: 5 }, 75, "B"],
    ["every resource with a Critical one", 3, { ...none, Critical: 3 }, 0, "E"],
    ["every resource with a Low one", 3, { ...none, Low: 3 }, 95, "A"],
    ["one of each, among eight", 8, { Critical: 1, High: 1, Medium: 1, Low: 1 }, 78, "B"],
    ["a third with a Critical one, rounded down", 3, { ...none, Critical: 1 }, 66, "C"],
    ["one Low among many: not a bare 100", 1_000_000, { ...none, Low: 1 }, 99, "A"],
    ["just below C", 200, { ...none, Critical: 100, Low: 1 }, 49, "D"],
    ["just below D", 100, { ...none, Critical: 75, Low: 1 }, 24, "E"],
  ] as const)("with %s", (_, resources, worst, score, grade) => {
    expect(posture(resources, worst, false)).toEqual({ score, grade });
  });

  it("is none without resources", () => {
    expect(posture(0, none, false)).toBeUndefined();
  });

  it("keeps its number but gets D at best with a new Critical violation", () => {
    expect(posture(100, { ...none, Critical: 1 }, true)).toEqual({ score: 99, grade: "D" });
  });

  it("gets no better grade from a new Critical violation", () => {
    expect(posture(10, { ...none, Critical: 10 }, true)).toEqual({ score: 0, grade: "E" });
  });

  it("is from 0 to 100, and 100 only without violations", () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(count, count, count, count, count, (Critical, High, Medium, Low, clean) => {
        const violating = Critical + High + Medium + Low;
        fc.pre(violating + clean > 0);
        const score = posture(violating + clean, { Critical, High, Medium, Low }, false)?.score ?? -1;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score === 100).toBe(violating === 0);
      }),
    );
  });
});

describe("coverage", () => {
  it("is rounded down, so that one hole in many never looks like none", () => {
    expect(coveragePercent(999, 1000)).toBe(99);
  });

  it("is 100 when all was read", () => {
    expect(coveragePercent(7, 7)).toBe(100);
  });

  it("is 100 when there is nothing to read", () => {
    expect(coveragePercent(0, 0)).toBe(100);
  });
});

describe("severities", () => {
  it("are worse the nearer they are to Critical", () => {
    expect([isWorse("Critical", "High"), isWorse("Low", "Medium"), isWorse("High", "High")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
