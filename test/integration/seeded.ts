/** Whole numbers from 0 below a bound, the same for the same seed. */
export type Random = (below: number) => number;

/** mulberry32 */
export function seededRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A whole number from the environment. Throws where it is set to something else. */
export function wholeNumberFrom(variable: string, otherwise: number): number {
  const text = process.env[variable] ?? "";
  if (text === "") return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`${variable} must be a whole number, not ${JSON.stringify(text)}`);
  return number;
}
