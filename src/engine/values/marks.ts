/** Places for some hundred marks, a bit each: few enough to stay in the nearest cache, and so many that hardly a text meets a mark's. */
const placeBits = 16;

/**
 * Tells, for little more than the price of reading it once, whether a text holds one of some marks, in whatever case. May say yes of a
 * text that holds none but looks alike, and never no of one that holds one.
 * @param marks ASCII, four characters each
 * @param sign one character that is a mark by itself
 */
export function holdsMark(marks: readonly string[], sign: string): (text: string) => boolean {
  const exact = new Set(marks.map((mark) => Array.from(mark).reduce((four, one) => shift(four, one.charCodeAt(0)), 0)));
  const taken = new Uint8Array(1 << (placeBits - 3));
  for (const four of exact) {
    const place = placeOf(four);
    taken[place >>> 3] = (taken[place >>> 3] ?? 0) | (1 << (place & 7));
  }
  const signCode = sign.charCodeAt(0);
  return (text) => {
    let four = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === signCode) return true;
      four = shift(four, code);
      const place = placeOf(four);
      const isTaken = ((taken[place >>> 3] ?? 0) >>> (place & 7)) & 1;
      if (isTaken === 1 && exact.has(four)) return true;
    }
    return false;
  };
}

/** The last four characters in 32 bits. The bit that parts upper from lower case is always set. */
function shift(four: number, code: number): number {
  return (four << 8) | code | 0x20;
}

/** Fibonacci hashing. */
function placeOf(four: number): number {
  return Math.imul(four, 0x9e3779b1) >>> (32 - placeBits);
}
