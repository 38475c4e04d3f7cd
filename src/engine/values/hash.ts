/** FNV-1a over UTF-8. Spreads well and is quick; it keeps nobody out, so nothing may rest on it being hard to forge. */

const encoder = new TextEncoder();

/** 64 bits in hex behind the version of the scheme, `v1-85944171f73967e8`: a stored hash tells how it was made. */
export function hash64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  // Of ASCII, as nearly all texts are, the bytes need not be made first.
  const bytes = isAscii(text) ? undefined : encoder.encode(text);
  const length = bytes?.length ?? text.length;
  for (let at = 0; at < length; at++) {
    low ^= bytes === undefined ? text.charCodeAt(at) : (bytes[at] ?? 0);
    // Times 2^40 + 0x1b3, in pieces of which no product leaves 32 bits: the machine's own whole numbers.
    const right = (low & 0xffff) * 0x1b3;
    const left = (low >>> 16) * 0x1b3 + (right >>> 16);
    high = (Math.imul(high, 0x1b3) + (low << 8) + (left >>> 16)) | 0;
    low = (left << 16) | (right & 0xffff);
  }
  return `v1-${hex(high)}${hex(low)}`;
}

/**
 * 32 bits as a signed integer, which nobody allocates memory for; for sets that are kept in memory and never stored. Goes on from the hash
 * of what stands before: `hash32("b", hash32("a"))` is `hash32("ab")`.
 */
export function hash32(text: string, before = 0x811c9dc5 | 0): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return hashBytes(encoder.encode(text.slice(at)), hash);
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return hash;
}

/** 53 bits as a whole number, for telling texts apart in memory: among 100,000 of them two are alike once in a million times. Never stored. */
export function hash53(text: string): number {
  let a = 0x9e3779b9;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x85ebca77);
    b = Math.imul(b ^ unit, 0xc2b2ae3d);
  }
  a = Math.imul(a ^ (a >>> 16), 0x7feb352d) ^ Math.imul(b ^ (b >>> 15), 0x846ca68b);
  b = Math.imul(b ^ (b >>> 16), 0x7feb352d) ^ Math.imul(a ^ (a >>> 15), 0x846ca68b);
  return (b & 0x1f_ffff) * 0x1_0000_0000 + (a >>> 0);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function hashBytes(bytes: Uint8Array, before: number): number {
  let hash = before;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
