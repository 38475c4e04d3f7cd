import { type Checklist, type Expectation, expectations } from "./expectations.ts";
import type { Screen } from "./screen.ts";
import { type Condition, NotInTimeError, until } from "./until.ts";

/** What every stage of the demo works with. */
export interface Stage {
  readonly screen: Screen;
  readonly checklist: Checklist;
  /** How long one expectation may take to come true, in milliseconds. */
  readonly patienceMs: number;
  /** Aborted by Ctrl-C, and when the operator ends by itself; its reason says which. */
  readonly signal: AbortSignal;
}

/** An expectation was not met: the show ends here. The checklist holds the reason. */
export class ExpectationError extends Error {
  override readonly name = "ExpectationError";
}

/** Reads until the expectation is met and ticks it off. Throws {@link ExpectationError} if its time runs out. */
export async function expectSoon<T>(
  stage: Stage,
  expectation: Expectation,
  condition: Pick<Condition<T>, "read" | "holds" | "describe">,
): Promise<T> {
  const started = performance.now();
  try {
    const seen = await until({ ...condition, withinMs: stage.patienceMs, signal: stage.signal });
    stage.checklist.meet(expectation);
    stage.screen.progress(`✓ ${expectations[expectation]} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return seen;
  } catch (error) {
    const reason = error instanceof NotInTimeError ? error.message : undefined;
    if (reason === undefined) {
      // Ctrl-C, or the operator has ended: told by whoever caused it, but this is where the show stood.
      stage.checklist.fail(expectation, error instanceof Error ? error.message : String(error));
      throw error;
    }
    stage.checklist.fail(expectation, reason);
    throw new ExpectationError(`${expectations[expectation]}: ${reason}`);
  }
}
