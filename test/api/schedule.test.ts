import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { next, type ParsedSchedule, parseSchedule, previous, type Schedule } from "../../src/api/schedule.ts";

function parsed(expression: string, timeZone = "Etc/UTC"): Schedule {
  const result = parseSchedule(expression, timeZone);
  if (!result.ok) throw new Error(`${expression}: ${result.problem.message}`);
  return result.schedule;
}

function problem(result: ParsedSchedule): string {
  return result.ok ? "accepted" : `${result.problem.in}: ${result.problem.message}`;
}

function runs(expression: string, timeZone: string, after: string, count: number): string[] {
  const schedule = parsed(expression, timeZone);
  const found: string[] = [];
  let at = new Date(after);
  while (found.length < count) {
    at = next(schedule, timeZone, at);
    found.push(at.toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

describe("the grammar of a schedule", () => {
  it.each([
    ["*/20 * * * *", "minutes", [0, 20, 40]],
    ["50/5 * * * *", "minutes", [50, 55]],
    ["1-9/4 * * * *", "minutes", [1, 5, 9]],
    ["*/100 * * * *", "minutes", [0]],
    ["7,3,3-5 * * * *", "minutes", [3, 4, 5, 7]],
    ["0 09 * * *", "hours", [9]],
    ["0 0 ? * ?", "daysOfMonth", Array.from({ length: 31 }, (_, day) => day + 1)],
    ["0 0 * Jan-mar,DEC *", "months", [1, 2, 3, 12]],
    ["0 0 * * MON-fri/2", "daysOfWeek", [1, 3, 5]],
    ["  0\t0  * * 0 ", "daysOfWeek", [0]],
    ["@weekly", "daysOfWeek", [0]],
    ["@yearly", "months", [1]],
    ["@monthly", "daysOfMonth", [1]],
    ["@midnight", "hours", [0]],
    ["@hourly", "minutes", [0]],
  ] as const)("reads %j: %s are %j", (expression, field, values) => {
    expect(parsed(expression)[field]).toEqual(values);
  });

  it.each([
    ["0 0 13 * 5", "either"],
    ["0 0 */2 * 5", "either"],
    ["0 0 1-31 * 0-6", "either"],
    ["0 0 * * 5", "both"],
    ["0 0 13 * ?", "both"],
    ["0 0 */1 * 5", "both"],
    ["0 0 13 * *", "both"],
  ] as const)("lets %j be due when %s of the day fields match", (expression, days) => {
    expect(parsed(expression).days).toBe(days);
  });

  it.each([
    ["", "the schedule is empty; write five fields such as 0 7 * * 1"],
    ["0 0 * *", "needs 5 fields (minute, hour, day of month, month, day of week), has 4"],
    [
      "0 0 0 * * *",
      "needs 5 fields (minute, hour, day of month, month, day of week), has 6; seconds are not supported",
    ],
    ["60 * * * *", "minute: 60 is not in 0 to 59"],
    ["* 24 * * *", "hour: 24 is not in 0 to 23"],
    ["* * 0 * *", "day of month: 0 is not in 1 to 31"],
    ["* * * 13 *", "month: 13 is not in 1 to 12 or jan to dec"],
    ["* * * * 7", "day of week: 7 is not a day of the week; Sunday is 0 or sun"],
    ["* * * * 0-7", "day of week: 7 is not a day of the week; Sunday is 0 or sun"],
    ["* * * * 8", "day of week: 8 is not in 0 to 6 or sun to sat"],
    ["* 22-4 * * *", 'hour: "22-4" runs backwards; write it as two ranges: 22-23,0-4'],
    ["* * * * fri-mon", 'day of week: "fri-mon" runs backwards; write it as two ranges: fri-6,0-mon'],
    ["* * L * *", 'day of month: "L" is not one of 1 to 31 (L, W and # are not supported)'],
    ["* * 15W * *", 'day of month: "15W" is not one of 1 to 31 (L, W and # are not supported)'],
    ["* * * * 5#2", 'day of week: "5#2" is not one of 0 to 6 or sun to sat (L, W and # are not supported)'],
    ["*/0 * * * *", 'minute: the step in "*/0" is not a number of at least 1'],
    ["*/ * * * *", 'minute: the step in "*/" is not a number of at least 1'],
    ["1/2/3 * * * *", 'minute: "1/2/3" has more than one /'],
    ["1-2-3 * * * *", 'minute: "1-2-3" has more than one -'],
    ["1,,2 * * * *", "minute: a list has an empty element"],
    ["*-5 * * * *", 'minute: "*-5" is no range; * stands alone'],
    ["-5 * * * *", 'minute: "" is not one of 0 to 59'],
    ["+5 * * * *", 'minute: "+5" is not one of 0 to 59'],
    ["TZ=Europe/Berlin 0 0 * * *", "TZ= is not part of a schedule; set the time zone in its own field"],
    ["CRON_TZ=UTC @daily", "TZ= is not part of a schedule; set the time zone in its own field"],
    ["@every 1h", "@every is not supported; write five fields such as */15 * * * *"],
    [
      "@Daily",
      'there is no form "@Daily"; the forms are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly',
    ],
    ["0 0 30 2 *", 'never due: no month of "2" has a day of month "30"'],
    ["0 0 31 feb,apr-apr ?", 'never due: no month of "feb,apr-apr" has a day of month "31"'],
  ])("refuses %j: %s", (expression, message) => {
    expect(problem(parseSchedule(expression, "Etc/UTC"))).toBe(`expression: ${message}`);
  });

  it("accepts a day that no month has where a weekday suffices", () => {
    expect(parsed("0 0 30 2 1").days).toBe("either");
  });

  it.each([
    ["Europe/Atlantis", 'there is no time zone "Europe/Atlantis"'],
    ["Local", 'there is no time zone "Local"'],
    ["", "the time zone is empty"],
    ["+02:00", '"+02:00" is an offset, not the name of a time zone'],
  ])("refuses the time zone %j", (timeZone, message) => {
    expect(problem(parseSchedule("@daily", timeZone))).toBe(
      `timeZone: ${message}; write a name of the time zone database such as Europe/Berlin or Etc/UTC`,
    );
  });

  it("never throws, whatever it is given", () => {
    const junk = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom("*", "/", "-", ",", "?", "7", "31", "jan", "mon", "@", " ", "L"), { maxLength: 14 })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(junk, junk, (expression, timeZone) => {
        expect(typeof parseSchedule(expression, "Etc/UTC").ok).toBe("boolean");
        expect(typeof parseSchedule("@daily", timeZone).ok).toBe("boolean");
      }),
    );
  });
});

describe("the next and the previous run", () => {
  it("are due on the day of month or on the weekday if both are given", () => {
    expect(runs("0 0 13 * 5", "Etc/UTC", "2026-11-21T00:00:00Z", 4)).toEqual([
      "2026-11-27T00:00Z",
      "2026-12-04T00:00Z",
      "2026-12-11T00:00Z",
      "2026-12-13T00:00Z",
    ]);
  });

  it("follow the wall clock of the zone through summer and winter", () => {
    expect(runs("0 7 1 */6 *", "Europe/Berlin", "2026-01-02T00:00:00Z", 2)).toEqual([
      "2026-07-01T05:00Z",
      "2027-01-01T06:00Z",
    ]);
  });

  it("leave out a time that the clock skips in spring", () => {
    expect(runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 2)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-30T00:30Z",
    ]);
  });

  it("come twice at a time that the clock shows twice in autumn", () => {
    expect(runs("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 3)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-25T01:30Z",
      "2026-10-26T01:30Z",
    ]);
  });

  it("keep an hourly schedule hourly while the clock is set back", () => {
    expect(runs("@hourly", "Europe/Berlin", "2026-10-24T23:30:00Z", 4)).toEqual([
      "2026-10-25T00:00Z",
      "2026-10-25T01:00Z",
      "2026-10-25T02:00Z",
      "2026-10-25T03:00Z",
    ]);
  });

  it("leave out a midnight that does not exist, and keep the rest of that day", () => {
    expect(runs("0 */12 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2)).toEqual([
      "2026-04-24T09:00Z",
      "2026-04-24T21:00Z",
    ]);
  });

  it("find both evenings where the clock is set back over midnight", () => {
    expect(runs("30 23 * * *", "America/St_Johns", "2006-10-28T12:00:00Z", 3)).toEqual([
      "2006-10-29T02:00Z",
      "2006-10-29T03:00Z",
      "2006-10-30T03:00Z",
    ]);
  });

  it("find the evening that comes back after midnight, and the midnight before it", () => {
    const zone = "America/St_Johns";
    // 00:01 on the 29th, local time, was followed by 23:01 on the 28th.
    const afterMidnight = new Date("2006-10-29T02:30:30Z");
    const eveningAgain = new Date("2006-10-29T02:45:00Z");
    expect(next(parsed("30 23 * * *"), zone, afterMidnight)).toEqual(new Date("2006-10-29T03:00:00Z"));
    expect(previous(parsed("0 0 * * *"), zone, eveningAgain)).toEqual(new Date("2006-10-29T02:30:00Z"));
  });

  it("leave out a day that the zone skipped over the date line", () => {
    expect(runs("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 3)).toEqual([
      "2011-12-29T22:00Z",
      "2011-12-30T22:00Z",
      "2011-12-31T22:00Z",
    ]);
  });

  it("reach 29 February over a century without a leap year", () => {
    const schedule = parsed("0 0 29 2 *");
    expect(next(schedule, "Etc/UTC", new Date("2096-03-01T00:00:00Z"))).toEqual(new Date("2104-02-29T00:00:00Z"));
    expect(previous(schedule, "Etc/UTC", new Date("2104-02-28T00:00:00Z"))).toEqual(new Date("2096-02-29T00:00:00Z"));
  });

  it("divide time without a gap: a run that is due right now is the previous one", () => {
    const seven = new Date("2026-11-23T07:00:00Z");
    const schedule = parsed("0 7 * * 1");
    expect(previous(schedule, "Etc/UTC", seven)).toEqual(seven);
    expect(previous(schedule, "Etc/UTC", new Date(seven.getTime() - 1))).toEqual(new Date("2026-11-16T07:00:00Z"));
    expect(next(schedule, "Etc/UTC", seven)).toEqual(new Date("2026-11-30T07:00:00Z"));
    expect(next(schedule, "Etc/UTC", new Date(seven.getTime() - 1))).toEqual(seven);
  });

  it("throw on a date that is none", () => {
    const schedule = parsed("0 0 * * *");
    expect(() => next(schedule, "Etc/UTC", new Date(Number.NaN))).toThrow(RangeError);
  });
});

describe("the next and the previous run, beside a walk over every minute", () => {
  const minuteLength = 60_000;
  const walked = 3 * 24 * 60;
  /** Zones with a change of clock in the days after each instant: gaps, overlaps, half hours, midnights, a skipped day. */
  const changes: readonly (readonly [string, string])[] = [
    ["Europe/Berlin", "2026-03-28T06:00:00Z"],
    ["Europe/Berlin", "2026-10-24T06:00:00Z"],
    ["America/New_York", "2026-11-01T00:00:00Z"],
    ["Australia/Lord_Howe", "2026-04-04T00:00:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T00:00:00Z"],
    ["America/Sao_Paulo", "2018-11-03T06:00:00Z"],
    ["America/Sao_Paulo", "2018-02-17T06:00:00Z"],
    ["America/St_Johns", "2006-10-28T06:00:00Z"],
    ["America/St_Johns", "2006-04-01T06:00:00Z"],
    ["Africa/Cairo", "2026-04-23T00:00:00Z"],
    ["Antarctica/Troll", "2026-10-24T12:00:00Z"],
    ["Antarctica/Casey", "2010-03-04T00:00:00Z"],
    ["Pacific/Apia", "2011-12-29T00:00:00Z"],
    ["Asia/Kathmandu", "2026-06-01T00:00:00Z"],
    ["Etc/UTC", "2026-12-30T00:00:00Z"],
  ];

  function valuesOf(min: number, max: number): fc.Arbitrary<readonly number[] | undefined> {
    return fc.option(fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 6 }), { nil: undefined });
  }

  interface Fields {
    readonly minutes: readonly number[] | undefined;
    readonly hours: readonly number[] | undefined;
    readonly daysOfMonth: readonly number[] | undefined;
    readonly daysOfWeek: readonly number[] | undefined;
  }

  const anyFields: fc.Arbitrary<Fields> = fc.record({
    minutes: valuesOf(0, 59),
    hours: valuesOf(0, 23),
    daysOfMonth: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 20 }), {
      nil: undefined,
    }),
    daysOfWeek: valuesOf(0, 6),
  });

  function write({ minutes, hours, daysOfMonth, daysOfWeek }: Fields): string {
    const field = (values: readonly number[] | undefined) => values?.join(",") ?? "*";
    return `${field(minutes)} ${field(hours)} ${field(daysOfMonth)} * ${field(daysOfWeek)}`;
  }

  /** Due minutes from `from` on, found by asking the zone for the wall clock of each minute. */
  function walk(fields: Fields, timeZone: string, from: number, minutes: number): number[] {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    const due: number[] = [];
    for (let instant = from; instant < from + minutes * minuteLength; instant += minuteLength) {
      const shown = /^(\w{3}),? (\d\d),? (?:at )?(\d\d):(\d\d)$/.exec(format.format(instant));
      if (shown === null) throw new Error(`cannot read ${format.format(instant)}`);
      const [, weekday = "", day, hour, minute] = shown;
      const ofMonth = fields.daysOfMonth?.includes(Number(day));
      const ofWeek = fields.daysOfWeek?.includes(["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(weekday));
      const days = [ofMonth, ofWeek].filter((matches) => matches !== undefined);
      const isDay = days.length === 0 || days.includes(true);
      const isHour = fields.hours?.includes(Number(hour)) ?? true;
      const isMinute = fields.minutes?.includes(Number(minute)) ?? true;
      if (isDay && isHour && isMinute) due.push(instant);
    }
    return due;
  }

  it("agree with it around changes of the clock", () => {
    fc.assert(
      fc.property(
        anyFields,
        fc.constantFrom(...changes),
        fc.integer({ min: 0, max: 1440 * 60_000 }),
        (fields, [timeZone, start], delay) => {
          const schedule = parsed(write(fields), timeZone);
          const first = Date.parse(start);
          const end = first + walked * minuteLength;
          const from = first + delay;
          const due = walk(fields, timeZone, first, walked);

          const later = next(schedule, timeZone, new Date(from)).getTime();
          expect(later < end ? later : undefined).toBe(due.find((instant) => instant > from));

          // The minute at the end itself is not walked any more.
          const to = end - 1 - delay;
          const earlier = previous(schedule, timeZone, new Date(to)).getTime();
          expect(earlier >= first ? earlier : undefined).toBe(due.findLast((instant) => instant <= to));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("meet every due minute of a change of the clock, none twice and none left out", () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom(...changes), (fields, [timeZone, start]) => {
        fc.pre(fields.minutes !== undefined);
        const schedule = parsed(write(fields), timeZone);
        const first = Date.parse(start);
        const due = walk(fields, timeZone, first, walked);
        const met: number[] = [];
        for (let at = new Date(first - 1); ; ) {
          at = next(schedule, timeZone, at);
          if (at.getTime() >= first + walked * minuteLength) break;
          met.push(at.getTime());
        }
        expect(met).toEqual(due);
      }),
      { numRuns: 100 },
    );
  });
});
