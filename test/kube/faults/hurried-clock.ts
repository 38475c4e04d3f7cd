import type { Clock } from "../../../src/kube/clock.ts";

/**
 * The system's clock, hurried: what waits for minutes in production waits for seconds here, in the same proportions.
 * `pace`: so many of its seconds pass in one.
 */
export function hurriedClock(pace = 25): Clock {
  const origin = performance.now();
  const epoch = Date.now();
  const elapsed = (): number => (performance.now() - origin) * pace;
  return {
    now: () => epoch + elapsed(),
    monotonic: elapsed,
    after: (ms, task) => {
      const timer = setTimeout(task, ms / pace);
      return () => clearTimeout(timer);
    },
  };
}
