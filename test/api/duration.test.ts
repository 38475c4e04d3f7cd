import { expect, test } from "vitest";
import { parseDuration } from "../../src/api/duration.ts";

test.each([
  ["24h", 86_400_000],
  ["1h30m", 5_400_000],
  ["90s", 90_000],
  ["1.5s", 1_500],
  [".5m", 30_000],
  ["2.h", 7_200_000],
  ["250ms", 250],
  ["1500us", 1.5],
  ["1500µs", 1.5],
  ["2000000ns", 2],
  ["0", 0],
  ["0s", 0],
  ["1m1ms", 60_001],
])("reads %s as Go does", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "24", "1d", "1 h", " 1h", "h", ".h", "-1h", "+1h", "1h-30m", "1H", "1e3s", "Infinityh"])(
  "refuses %j",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
