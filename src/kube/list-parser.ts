import { BrokenJsonError, parseJson } from "./broken-json.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

const ITEMS_KEY = "items";

/** No single object comes near this. */
const LONGEST_ITEM = 64 * 1024 * 1024;

/**
 * Reads `{"kind": …, "metadata": …, "items": […]}` as it arrives and gives the text of each item as soon as it is complete,
 * so that a page of 500 objects is neither held nor parsed at once. The scan only tells structure from strings: an item
 * may be no JSON in spite of its brackets. All but the items (`envelope`) is known at the end, because some servers write
 * metadata last.
 */
export class ListParser {
  /** Bytes outside of items; becomes the envelope. */
  readonly #outside: Buffer[] = [];
  #item: Buffer[] = [];
  #itemBytes = 0;
  /** Depth of open brackets: the list is 1, its items are opened at 2. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inItems = false;
  #inItem = false;
  /** The last string at depth 1, and whether it said that the next array is the items. */
  #key = "";
  #itemsFollow = false;
  #done = false;

  /** Items that `chunk` completes, in UTF-8. To be read to the end. Throws BrokenJsonError. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (this.#inString) {
        i = this.#skipString(chunk, i);
        continue;
      }
      i = this.#inItem ? this.#skipItem(chunk, i) : i;
      if (i >= chunk.length) break;
      const byte = chunk[i] ?? 0;
      if (byte === QUOTE) {
        if (this.#inItems && !this.#inItem) throw new BrokenJsonError("an item is no object");
        this.#inString = true;
        this.#key = "";
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (this.#done) throw new BrokenJsonError("there is more behind the end of the list");
        if (byte === OPEN_ARRAY && this.#depth === 1 && this.#itemsFollow) {
          this.#inItems = true;
          this.#keep(chunk.subarray(start, i + 1));
        } else if (this.#inItems && this.#depth === 2) {
          this.#inItem = true;
          start = i;
        }
        this.#depth += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.#depth -= 1;
        if (this.#inItem) {
          if (this.#depth > 2) continue;
          this.#inItem = false;
          yield this.#takeItem(chunk.subarray(start, i + 1));
        } else if (this.#inItems && this.#depth === 1) {
          this.#inItems = false;
          start = i;
        } else if (this.#depth <= 0) {
          this.#done = true;
        }
        this.#itemsFollow = false;
      } else if (byte === COMMA) {
        if (this.#depth === 1) this.#itemsFollow = false;
      } else if (this.#inItems && !this.#inItem && byte > SPACE) {
        throw new BrokenJsonError("an item is no object");
      }
    }
    const rest = chunk.subarray(start);
    if (this.#inItem) this.#holdItem(rest);
    else if (!this.#inItems) this.#keep(rest);
  }

  /** To be called when the body has ended: the list without its items. Throws BrokenJsonError. */
  envelope(): unknown {
    if (!this.#done) throw new BrokenJsonError("the list is cut short");
    return parseJson(Buffer.concat(this.#outside).toString("utf8"));
  }

  /** From inside a string at `from` to its closing quote; the end of the chunk if it goes on in the next. */
  #skipString(chunk: Uint8Array, from: number): number {
    let escaped = this.#escaped;
    let i = from;
    for (; i < chunk.length; i++) {
      const byte = chunk[i];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        break;
      }
    }
    this.#escaped = escaped;
    if (this.#depth === 1) this.#readKey(chunk.subarray(from, i));
    return i;
  }

  /** To the next byte that means something inside an item; this loop sees nearly all bytes of a list. */
  #skipItem(chunk: Uint8Array, from: number): number {
    let depth = this.#depth;
    let i = from;
    for (; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === QUOTE) {
        // Most strings hold no backslash and end in this chunk.
        let j = i + 1;
        while (j < chunk.length && chunk[j] !== QUOTE && chunk[j] !== BACKSLASH) j += 1;
        if (chunk[j] !== QUOTE) break;
        i = j;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        depth += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (depth === 3) break;
        depth -= 1;
      }
    }
    this.#depth = depth;
    return i;
  }

  #readKey(part: Uint8Array): void {
    if (this.#key.length <= ITEMS_KEY.length)
      this.#key += Buffer.from(part.subarray(0, ITEMS_KEY.length + 1)).toString("latin1");
    // A value "items" is followed by a comma before any array.
    this.#itemsFollow = this.#key === ITEMS_KEY;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#outside.push(Buffer.from(bytes));
  }

  #holdItem(bytes: Uint8Array): void {
    this.#itemBytes += bytes.length;
    if (this.#itemBytes > LONGEST_ITEM) throw new BrokenJsonError(`an item is longer than ${LONGEST_ITEM} bytes`);
    this.#item.push(Buffer.from(bytes));
  }

  #takeItem(last: Uint8Array): Uint8Array {
    if (this.#item.length === 0) return last;
    const whole = Buffer.concat([...this.#item, last]);
    this.#item = [];
    this.#itemBytes = 0;
    return whole;
  }
}
