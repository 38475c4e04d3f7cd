import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareQuantities,
  isPositive,
  multiplyQuantities,
  parseQuantity,
  type Quantity,
} from "../../../src/engine/values/quantity.ts";

function quantity(value: string | number): Quantity {
  const parsed = parseQuantity(value);
  if (parsed === undefined) throw new Error(`${value} does not parse`);
  return parsed;
}

describe("a quantity", () => {
  it.each([
    ["1Gi", "1024Mi"],
    ["0.1", "100m"],
    ["1e3", "1k"],
    ["1E3", "1000"],
    ["1E", "1e18"],
    ["100e-3", "100m"],
    [".5", "500m"],
    ["5.", "5"],
    ["+1", "1"],
    ["1000000000n", "1"],
    ["1000u", "1m"],
    ["0.5Ki", "512"],
    [134217728, "128Mi"],
    [0.25, "250m"],
    ["-0", "0"],
    ["1Mi", "1024Ki"],
    ["1Ti", "1024Gi"],
    ["1Pi", "1024Ti"],
    ["1Ei", "1024Pi"],
    ["1M", "1000k"],
    ["1G", "1000M"],
    ["1T", "1000G"],
    ["1P", "1000T"],
    ["1E", "1000P"],
    ["1000n", "1u"],
    ["10", "1e1"],
    ["10.5", "10500m"],
    [".25", "250m"],
  ])("%s is %s", (a, b) => {
    expect(compareQuantities(quantity(a), quantity(b))).toBe(0);
  });

  it.each([
    ["999m", "1"],
    ["1M", "1Mi"],
    ["1Gi", "1.0000000001Gi"],
    ["-1", "0"],
    ["9007199254740992", "9007199254740993"],
  ])("%s is less than %s", (a, b) => {
    expect(compareQuantities(quantity(a), quantity(b))).toBeLessThan(0);
    expect(compareQuantities(quantity(b), quantity(a))).toBeGreaterThan(0);
  });

  it.each([
    "",
    " 1",
    "1 ",
    "1K",
    "1ki",
    "1mi",
    "1e",
    "1e3m",
    "one",
    "0x10",
    "1,5",
    "--1",
    ".",
    "1Gi1",
    "1e999999",
    null,
    true,
    {},
    [1],
    "0".repeat(65),
    Number.NaN,
  ])("%j is none", (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });

  it("has a power of ten of 400 at most", () => {
    expect(["1e400", "1e-400", "1e401", "1e-401"].map((text) => parseQuantity(text) !== undefined)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("has 64 characters at most", () => {
    expect(isPositive(quantity("1".padStart(64, "0")))).toBe(true);
  });

  it("keeps the text as written", () => {
    expect(quantity("0.5Gi").text).toBe("0.5Gi");
  });

  it("is positive above zero only", () => {
    expect(["1n", "0", "0m", "-1"].map((text) => isPositive(quantity(text)))).toEqual([true, false, false, false]);
  });

  it("compares whole numbers as whole numbers", () => {
    const number = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(Math.sign(compareQuantities(quantity(`${a}`), quantity(`${b}`)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

describe("a product", () => {
  it.each([
    ["1Gi", 1.5, "1536Mi"],
    ["100m", 2, "200m"],
    ["100m", 0.5, "50m"],
    ["1", 0, "0"],
  ])("of %s and %s is %s", (amount, factor, product) => {
    expect(compareQuantities(multiplyQuantities(quantity(amount), quantity(factor)), quantity(product))).toBe(0);
  });
});
