import { BrokenJsonError, parseJson } from "./broken-json.ts";

const NEWLINE = 0x0a;

/** Longest line that is put together. The API server refuses objects of more than 3 MB; a watch event wraps one. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Cuts chunks of bytes into lines of JSON. Chunks may end anywhere, also inside a character: bytes are joined before
 * they are decoded. Holds at most one unfinished line.
 */
export class JsonLines {
  #parts: Uint8Array[] = [];
  #held = 0;

  /** Values of the lines that `chunk` completes. Throws BrokenJsonError. */
  *push(chunk: Uint8Array): Generator<unknown, void, undefined> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const line = this.#join(chunk.subarray(start, end));
      start = end + 1;
      if (line.trim() !== "") yield parseJson(line);
    }
    this.#hold(chunk.subarray(start));
  }

  /** To be called when the body has ended. Throws BrokenJsonError when it ended inside a line. */
  end(): void {
    if (this.#join(new Uint8Array()).trim() !== "") throw new BrokenJsonError("the stream ended inside an object");
  }

  #hold(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#held += rest.length;
    if (this.#held > LONGEST_LINE) throw new BrokenJsonError(`a line is longer than ${LONGEST_LINE} bytes`);
    this.#parts.push(rest);
  }

  #join(last: Uint8Array): string {
    if (this.#parts.length === 0) return decode(last);
    const whole = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#held = 0;
    return decode(whole);
  }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
