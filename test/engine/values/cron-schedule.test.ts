import { describe, expect, it } from "vitest";
import { isCronSchedule } from "../../../src/engine/values/cron-schedule.ts";

describe("a cron schedule", () => {
  it.each([
    "* * * * *",
    "0 0 1 1 0",
    "59 23 31 12 6",
    "  5\t4  * * *  ",
    "*/5 * * * *",
    "5/15 * * * *",
    "1-5/2,10,20-30 * * * *",
    "0 3 * JAN-mar sun-Sat",
    "0 3 ? * ?",
    "*-9 * * * *",
    "1,,2 * * * *",
    ", * * * *",
    "+5 * * * *",
    "05 * * * *",
    "0/60 * * * *",
    "*/+1 * * * *",
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
    "@every 1h",
    "@every 1h30m0.5s",
    "@every .5h",
    "@every 5.m",
    "@every 1µs2us3ns4ms",
    "@every 1μs",
    "@every 10h",
    "@every 10.5h",
    "@every .25h",
    "1\v2 * * *",
    "@every 0",
    "@every -1h",
    "@every +1h",
  ])("may be %j", (text) => {
    expect(isCronSchedule(text)).toBe(true);
  });

  it.each([
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "60,1 * * * *",
    "1,60 * * * *",
    "5-1/2 * * * *",
    "5/15/2 * * * *",
    "jan * * * *",
    "* * mutated * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 0 *",
    "* * * 13 *",
    "* * * * 7",
    "-1 * * * *",
    "1.5 * * * *",
    "a * * * *",
    "mon * * * *",
    "* * * jan-foo *",
    "30-20 * * * *",
    "10-60 * * * *",
    "1-2-3 * * * *",
    "1- * * * *",
    "-2 * * * *",
    "*/0 * * * *",
    "*/ * * * *",
    "*/-1 * * * *",
    "*/a * * * *",
    "*/1/2 * * * *",
    "60/5 * * * *",
    "1-5/0 * * * *",
    "** * * * *",
    "0 3 * * l",
    " @daily",
    "@daily ",
    "@Daily",
    "@reboot",
    "@every",
    "@every ",
    "@every 1",
    "@every 1d",
    "@every  1h",
    "@every .h",
    "@every h",
    "@every 1h ",
    "TZ=UTC * * * * *",
    "CRON_TZ=UTC * * * * *",
    "@every 1h TZ",
    "*-TZ * * * *",
    "@x@every 1h",
    "* * * * * # UTZ",
  ])("may not be %j", (text) => {
    expect(isCronSchedule(text)).toBe(false);
  });

  it.each("jan feb mar apr may jun jul aug sep oct nov dec".split(" ").map((name, at) => [name, at + 1] as const))(
    "counts months from 1: %s is %i",
    (name, number) => {
      expect(isCronSchedule(`* * * ${name}-${number} *`)).toBe(true);
      expect(isCronSchedule(`* * * ${number}-${name} *`)).toBe(true);
    },
  );

  it.each("sun mon tue wed thu fri sat".split(" ").map((name, at) => [name, at] as const))(
    "counts days from 0: %s is %i",
    (name, number) => {
      expect(isCronSchedule(`* * * * ${name}-${number}`)).toBe(true);
      expect(isCronSchedule(`* * * * ${number}-${name}`)).toBe(true);
    },
  );
});
