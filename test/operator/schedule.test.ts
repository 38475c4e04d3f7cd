import { getTasks } from "node-cron";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidScheduleError, type RunningSchedule, startSchedule } from "../../src/operator/schedule.ts";
import { createLogger } from "../../src/telemetry/logger.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

beforeEach(() => {
  vi.useFakeTimers();
});

const started: RunningSchedule[] = [];

afterEach(() => {
  for (const schedule of started.splice(0)) schedule.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

interface Started extends RunningSchedule {
  /** When `onDue` was called and with what, if these differ. */
  readonly calls: string[];
  readonly log: string[];
}

function start(now: string, expression: string, timeZone = "Etc/UTC", onDue?: () => Promise<void> | void): Started {
  vi.setSystemTime(now);
  const calls: string[] = [];
  const log: string[] = [];
  const running = startSchedule({
    expression,
    timeZone,
    logger: createLogger({ level: "debug", destination: { write: (line) => log.push(line) } }),
    onDue: (due) => {
      const [called, meant] = [new Date().toISOString(), due.toISOString()];
      calls.push(called === meant ? short(called) : `${short(meant)} at ${short(called)}`);
      return onDue?.();
    },
  });
  started.push(running);
  return {
    get nextDue() {
      return running.nextDue;
    },
    stop: () => running.stop(),
    calls,
    log,
  };
}

function short(instant: string): string {
  return instant.replace(":00.000Z", "Z");
}

describe("a running schedule", () => {
  it("is due at each of its minutes, and tells when it is next", async () => {
    const schedule = start("2026-11-23T06:59:30Z", "0,30 7 * * 1");
    expect(schedule.nextDue).toEqual(new Date("2026-11-23T07:00:00Z"));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(schedule.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(hour);
    expect(schedule.calls).toEqual(["2026-11-23T07:00Z", "2026-11-23T07:30Z"]);
    expect(schedule.nextDue).toEqual(new Date("2026-11-30T07:00:00Z"));
  });

  it("is due on the day of month and on the weekday if both are given", async () => {
    const schedule = start("2026-11-26T00:00:00Z", "0 0 13 * 5");
    await vi.advanceTimersByTimeAsync(18 * day);
    expect(schedule.calls).toEqual([
      "2026-11-27T00:00Z",
      "2026-12-04T00:00Z",
      "2026-12-11T00:00Z",
      "2026-12-13T00:00Z",
    ]);
  });

  it("stays hourly while the clock of its zone is set back", async () => {
    const schedule = start("2026-10-24T23:30:00Z", "@hourly", "Europe/Berlin");
    await vi.advanceTimersByTimeAsync(3 * hour);
    expect(schedule.calls).toEqual(["2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z"]);
  });

  it("leaves out a time that the clock of its zone skips", async () => {
    const schedule = start("2026-03-28T12:00:00Z", "30 2 * * *", "Europe/Berlin");
    await vi.advanceTimersByTimeAsync(2 * day);
    expect(schedule.calls).toEqual(["2026-03-30T00:30Z"]);
  });

  it("waits for 29 February over years", async () => {
    const schedule = start("2097-06-01T00:00:00Z", "0 0 29 2 *");
    await vi.advanceTimersByTimeAsync(7 * 366 * day);
    expect(schedule.calls).toEqual(["2104-02-29T00:00Z"]);
  });

  it("is not due at the same date of a year in which its zone skips the time", async () => {
    const schedule = start("2029-04-01T00:00:00Z", "30 2 31 3 *", "Europe/Berlin");
    await vi.advanceTimersByTimeAsync(2 * 366 * day);
    expect(schedule.calls).toEqual(["2031-03-31T00:30Z"]);
  });

  it("makes up for runs that passed while the process slept by one call", async () => {
    const schedule = start("2026-11-23T07:30:00Z", "@hourly");
    vi.setSystemTime("2026-11-23T12:10:00Z");
    await vi.advanceTimersByTimeAsync(30 * minute);
    expect(schedule.calls).toEqual(["2026-11-23T08:00Z at 2026-11-23T12:40Z"]);
    await vi.advanceTimersByTimeAsync(20 * minute);
    expect(schedule.calls.slice(1)).toEqual(["2026-11-23T13:00Z"]);
  });

  it("is not due twice if the system clock is set back", async () => {
    const schedule = start("2026-11-23T07:59:00Z", "@hourly");
    await vi.advanceTimersByTimeAsync(minute);
    vi.setSystemTime("2026-11-23T07:50:00Z");
    await vi.advanceTimersByTimeAsync(hour + 10 * minute);
    expect(schedule.calls).toEqual(["2026-11-23T08:00Z", "2026-11-23T09:00Z"]);
  });

  it("is due once if its instant passes while the timer is being set", async () => {
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-23T08:00:00Z"));
    const schedule = start("2026-11-23T07:59:59.999Z", "@hourly");
    clock.mockRestore();
    await vi.advanceTimersByTimeAsync(minute);
    expect(schedule.calls).toEqual(["2026-11-23T08:00Z at 2026-11-23T07:59:59.999Z"]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no scan today");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no scan today"))],
  ])("goes on after a run that %s, and logs it", async (_, onDue) => {
    const schedule = start("2026-11-23T07:30:00Z", "@hourly", "Etc/UTC", onDue);
    await vi.advanceTimersByTimeAsync(2 * hour);
    expect(schedule.calls).toHaveLength(2);
    expect(schedule.log.map((line) => JSON.parse(line))).toMatchObject([
      { level: "error", schedule: "@hourly", due: "2026-11-23T08:00:00.000Z", error: { message: "no scan today" } },
      { level: "error", due: "2026-11-23T09:00:00.000Z" },
    ]);
  });

  it("does not wait for a run that is still under way", async () => {
    const schedule = start("2026-11-23T07:30:00Z", "@hourly", "Etc/UTC", () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(2 * hour);
    expect(schedule.calls).toEqual(["2026-11-23T08:00Z", "2026-11-23T09:00Z"]);
  });

  it("can be stopped before and in between runs, and by a run itself", async () => {
    const before = start("2026-11-23T07:30:00Z", "@hourly");
    before.stop();
    const between = start("2026-11-23T07:30:00Z", "@hourly");
    const itself: Started = start("2026-11-23T07:30:00Z", "@hourly", "Etc/UTC", () => itself.stop());
    await vi.advanceTimersByTimeAsync(hour);
    between.stop();
    await vi.advanceTimersByTimeAsync(3 * hour);
    expect([before, between, itself].map(({ calls }) => calls.length)).toEqual([0, 1, 1]);
  });

  it("leaves no timer behind", async () => {
    const schedule = start("2026-11-23T07:30:00Z", "*/5 * * * *");
    await vi.advanceTimersByTimeAsync(hour);
    expect(getTasks().size).toBe(1);
    schedule.stop();
    schedule.stop();
    expect([getTasks().size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("refuses a schedule that does not parse", () => {
    expect(() => start("2026-11-23T07:30:00Z", "0 0 30 2 *")).toThrow(InvalidScheduleError);
    expect(() => start("2026-11-23T07:30:00Z", "@daily", "Mars/Olympus")).toThrow(
      'there is no time zone "Mars/Olympus"',
    );
  });
});
