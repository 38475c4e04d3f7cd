import { describe, expect, it } from "vitest";
import { readIntOrPercent } from "../../../src/engine/values/int-or-percent.ts";

describe("a count or a share", () => {
  it.each([
    [0, { amount: 0, percent: false, text: "0" }],
    [-3, { amount: -3, percent: false, text: "-3" }],
    ["0%", { amount: 0, percent: true, text: "0%" }],
    ["150%", { amount: 150, percent: true, text: "150%" }],
    ["-5%", { amount: -5, percent: true, text: "-5%" }],
  ])("is read from %j", (value, read) => {
    expect(readIntOrPercent(value)).toEqual(read);
  });

  it.each([undefined, null, "", "1", "1.5%", "%", "x1%", "1%x", 1.5, Number.NaN, true, {}, ["1%"], "1234567%"])(
    "is not %j",
    (value) => {
      expect(readIntOrPercent(value)).toBeUndefined();
    },
  );
});
