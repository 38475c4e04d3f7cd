import { setTimeout as delay } from "node:timers/promises";

/** Looks until it is so. Throws after `withinMs`; what a look throws is thrown at once. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  { withinMs = 60_000, everyMs = 50 } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s in vain for ${what}`);
    await delay(everyMs);
  }
}
