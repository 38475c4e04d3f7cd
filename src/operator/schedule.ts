import { createTask } from "node-cron";
import { next, parseSchedule, type ScheduleProblem } from "../api/schedule.ts";
import type { Logger } from "../telemetry/logger.ts";

export interface ScheduleOptions {
  readonly expression: string;
  readonly timeZone: string;
  /** Called at each due instant with that instant. What it throws is logged; the schedule goes on. */
  onDue(due: Date): Promise<void> | void;
  readonly logger: Logger;
}

export interface RunningSchedule {
  /** When `onDue` is called next. */
  readonly nextDue: Date;
  /** From here on `onDue` is not called; a call under way ends by itself. */
  stop(): void;
}

/** The policy compiler refuses such schedules, so one that arrives here is a mistake of the caller. */
export class InvalidScheduleError extends Error {
  override readonly name = "InvalidScheduleError";
  readonly problem: ScheduleProblem;

  constructor(problem: ScheduleProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Calls `onDue` whenever the schedule is due, by the system clock. Runs that pass while the process sleeps or is blocked
 * are made up for by one call, with the first of them; none comes twice if the clock is set back. What fell due before
 * the start is the caller's business (`previous` in `api/schedule.ts`).
 *
 * When a schedule is due is decided by `api/schedule.ts`; node-cron is only the timer. Given the expression and the zone,
 * it would want both day fields to match, and would leave out the hour that the clock shows twice in autumn.
 * @throws InvalidScheduleError if the schedule does not parse
 */
export function startSchedule(options: ScheduleOptions): RunningSchedule {
  const { expression, timeZone, logger } = options;
  const parsed = parseSchedule(expression, timeZone);
  if (!parsed.ok) throw new InvalidScheduleError(parsed.problem);
  const { schedule } = parsed;
  let due = next(schedule, timeZone, new Date());
  let cancel = callAt(due, run, logger);
  return {
    get nextDue() {
      return due;
    },
    stop: () => cancel(),
  };

  function run(): void {
    const reached = due;
    due = next(schedule, timeZone, new Date(Math.max(Date.now(), reached.getTime())));
    cancel = callAt(due, run, logger);
    void callOnDue(reached);
  }

  async function callOnDue(reached: Date): Promise<void> {
    try {
      await options.onDue(reached);
    } catch (error) {
      logger.error({ schedule: expression, due: reached, error }, "A scheduled run failed");
    }
  }
}

/** Calls `run` once, at an instant on a whole minute or as soon after it as the process can. Returns how to cancel that. */
function callAt(instant: Date, run: () => void, logger: Logger): () => void {
  const [month, day, hour, minute] = [
    instant.getUTCMonth() + 1,
    instant.getUTCDate(),
    instant.getUTCHours(),
    instant.getUTCMinutes(),
  ];
  const task = createTask(
    `${minute} ${hour} ${day} ${month} *`,
    ({ date }) => {
      // The expression names no year, and the instant can lie behind its next occurrence.
      if (date < instant) return;
      void task.destroy();
      run();
    },
    {
      timezone: "Etc/UTC",
      // By default it gives up what it cannot run within a second.
      missedExecutionTolerance: Number.POSITIVE_INFINITY,
      logger: timerLogger(logger),
    },
  );
  void task.start();
  if (Date.now() < instant.getTime()) return () => void task.destroy();

  // The instant passed meanwhile: node-cron, which looks ahead only, may already be waiting for next year's.
  void task.destroy();
  const immediate = setImmediate(run);
  return () => clearImmediate(immediate);
}

/** Keeps what node-cron has to say off the console. */
function timerLogger(logger: Logger): {
  info(text: string): void;
  warn(text: string): void;
  error(text: string | Error): void;
  debug(text: string | Error): void;
} {
  return {
    info: (text) => logger.debug({ text }, "The schedule timer says"),
    debug: (text) => logger.debug({ text }, "The schedule timer says"),
    warn: (text) => logger.warn({ text }, "The schedule timer warns"),
    error: (error) => logger.error({ error }, "The schedule timer failed"),
  };
}
