import { BrokenJsonError } from "./broken-json.ts";

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** Longest line that is put together. The API server refuses objects of more than 3 MB; a watch event wraps one. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Cuts chunks of bytes into lines of JSON. Chunks may end anywhere, also inside a character: lines are bytes, still to
 * be decoded. Holds at most one unfinished line.
 */
export class JsonLines {
  #parts: Uint8Array[] = [];
  #held = 0;

  /** The lines that `chunk` completes, but blank ones. To be read to the end. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const line = this.#join(chunk.subarray(start, end));
      start = end + 1;
      if (!isBlank(line)) yield line;
    }
    this.#hold(chunk.subarray(start));
  }

  /** To be called when the body has ended. Throws BrokenJsonError when it ended inside a line. */
  end(): void {
    if (!isBlank(this.#join(new Uint8Array()))) throw new BrokenJsonError("the stream ended inside an object");
  }

  #hold(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#held += rest.length;
    if (this.#held > LONGEST_LINE) throw new BrokenJsonError(`a line is longer than ${LONGEST_LINE} bytes`);
    this.#parts.push(rest);
  }

  #join(last: Uint8Array): Uint8Array {
    if (this.#parts.length === 0) return last;
    const whole = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#held = 0;
    return whole;
  }
}

function isBlank(line: Uint8Array): boolean {
  for (const byte of line) if (byte > SPACE) return false;
  return true;
}
