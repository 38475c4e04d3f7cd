/** A body that is no JSON, not the JSON that was expected, or only the beginning of it. */
export class BrokenJsonError extends Error {
  override readonly name = "BrokenJsonError";
}

/** Of text, or of its bytes in UTF-8. Throws BrokenJsonError, which unlike SyntaxError nobody else throws. */
export function parseJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === "string" ? text : decode(text));
  } catch (cause) {
    throw new BrokenJsonError(cause instanceof Error ? cause.message : "no JSON", { cause });
  }
}

function decode({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
}
