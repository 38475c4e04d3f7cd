/** A body that is no JSON, not the JSON that was expected, or only the beginning of it. */
export class BrokenJsonError extends Error {
  override readonly name = "BrokenJsonError";
}

/** Throws BrokenJsonError, which unlike SyntaxError nobody else throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BrokenJsonError(cause instanceof Error ? cause.message : "no JSON", { cause });
  }
}
