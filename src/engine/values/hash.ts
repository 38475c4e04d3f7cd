/** FNV-1a over UTF-8. Spreads well and is quick; it keeps nobody out, so nothing may rest on it being hard to forge. */

const encoder = new TextEncoder();

/** 64 bits in hex behind the version of the scheme, `v1-85944171f73967e8`: a stored hash tells how it was made. */
export function hash64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of encoder.encode(text)) {
    low = (low ^ byte) >>> 0;
    // Times 2^40 + 0x1b3, in two halves: every product stays below 2^53.
    const product = low * 0x1b3;
    high = (high * 0x1b3 + low * 0x100 + Math.floor(product / 0x1_0000_0000)) >>> 0;
    low = product >>> 0;
  }
  return `v1-${hex(high)}${hex(low)}`;
}

/**
 * 32 bits as an unsigned integer, for sets that are kept in memory and never stored. Goes on from the hash of what stands before:
 * `hash32("b", hash32("a"))` is `hash32("ab")`.
 */
export function hash32(text: string, before = 0x811c9dc5): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return hashBytes(encoder.encode(text.slice(at)), hash);
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return hash >>> 0;
}

function hashBytes(bytes: Uint8Array, before: number): number {
  let hash = before;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function hex(half: number): string {
  return half.toString(16).padStart(8, "0");
}
