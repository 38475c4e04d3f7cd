import type { HistoryDay } from "../../api/scan-report.ts";
import type { Summary } from "../../api/summary.ts";
import { total } from "./dated.ts";
import { formatInstant, type Instant } from "./instant.ts";
import { maxHistory } from "./limits.ts";
import type { Transition } from "./stored.ts";

/** What a day's entry says after this step: its end so far, with its flows. */
function dayAfter(
  date: string,
  before: HistoryDay | undefined,
  summary: Summary,
  transitions: readonly Transition[],
): HistoryDay {
  const { resources, known, fixed, critical, high, score } = summary;
  const flow = (target: string) => total(transitions.filter(({ to }) => to === target));
  return {
    date,
    resources,
    new: summary.new,
    known,
    fixed,
    found: (before?.found ?? 0) + flow("New"),
    gone: (before?.gone ?? 0) + flow("Gone"),
    critical,
    high,
    ...(score === undefined ? {} : { score }),
  };
}

/**
 * The report's history after this step. A day gets its entry with its first change; until it ends, the entry follows the summary.
 * @param changed whether anything but the number of resources and what rests on it changed
 */
export function nextHistory(
  before: readonly HistoryDay[],
  summary: Summary,
  transitions: readonly Transition[],
  changed: boolean,
  now: Instant,
): readonly HistoryDay[] {
  const date = formatInstant(now).slice(0, 10);
  const today = before.find((day) => day.date === date);
  if (today === undefined && !changed) return before;
  return [...before.filter((day) => day.date !== date), dayAfter(date, today, summary, transitions)].slice(-maxHistory);
}
