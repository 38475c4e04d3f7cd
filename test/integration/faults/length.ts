import { seededRandom, wholeNumberFrom } from "../seeded.ts";

/** How long and how often faults last here: a moment in `make test`, as in life in `make soak`. */

const isSoak = process.env.PAWL_SOAK === "1";

const seed = wholeNumberFrom("FAULT_SEED", 1);

/** One of several times that a fault strikes in a test. */
export interface Round {
  /** Milliseconds between a change and the fault: from before the operator has heard of it to after its Event. */
  readonly strikesAfterMs: number;
}

export function duration(lengths: { readonly shortMs: number; readonly soakMs: number }): number {
  return isSoak ? lengths.soakMs : lengths.shortMs;
}

/** As many as an ordeal has changes for. FAULT_SEED begins them; it is printed. */
export function rounds(): readonly Round[] {
  console.info(`FAULT_SEED=${seed}`);
  const random = seededRandom(seed);
  return Array.from({ length: isSoak ? 4 : 1 }, () => ({ strikesAfterMs: random(900) }));
}
