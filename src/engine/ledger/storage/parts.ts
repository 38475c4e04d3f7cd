import type { KubeObject, ResourceRef } from "../../resource.ts";
import { hash64 } from "../../values/hash.ts";

/** No object of ours is above 128 KiB; what the API server adds itself (uid, times, managedFields) has to fit as well. */
export const objectLimitBytes = 128 * 1024 - 2048;

/** 1,024 parts: what still does not fit then is one resource alone, which cannot be spread. */
const maxBits = 10;

/** Which of the 2^bits parts holds this resource: the first bits of the hash of its identity. */
export function partOf(ref: ResourceRef, bits: number): number {
  return bits === 0 ? 0 : mixed(Number.parseInt(hash64(ref).slice(-8), 16)) >>> (32 - bits);
}

/** Murmur3's last step: in FNV the first bits hardly feel the last letters, and names often differ in nothing else. */
function mixed(half: number): number {
  let bits = half;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/**
 * Number in a part's name. The parts of one k never have the names of another's, so that those in force stand untouched
 * until the object that names k has been written.
 */
export function partNumber(part: number, bits: number): number {
  return 2 ** bits + part;
}

/** Reads it back; undefined where a number names no part. */
export function parsePartNumber(number: number): { readonly part: number; readonly bits: number } | undefined {
  if (!Number.isSafeInteger(number) || number < 2 || number >= 2 ** (maxBits + 1)) return undefined;
  const bits = Math.floor(Math.log2(number));
  return { bits, part: number - 2 ** bits };
}

/** Spreads resources over 2^bits parts; every part is there, also an empty one, so that a missing one shows. */
export function spread<R extends { readonly ref: ResourceRef }>(resources: readonly R[], bits: number): R[][] {
  const parts: R[][] = Array.from({ length: 2 ** bits }, () => []);
  for (const resource of resources) parts[partOf(resource.ref, bits)]?.push(resource);
  return parts;
}

/**
 * Smallest number of bits with which every object keeps the limit; 0: no parts.
 * @param mainBytes of the main object without resources
 * @param partBytes of a part without resources
 */
export function bitsFor(
  resources: readonly { readonly ref: ResourceRef }[],
  mainBytes: number,
  partBytes: number,
): number {
  const sizes = resources.map((resource) => ({ ref: resource.ref, bytes: jsonBytes(resource) + 1 }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (mainBytes + total <= objectLimitBytes) return 0;
  for (let bits = 1; bits < maxBits; bits++) {
    const sums = new Map<number, number>();
    for (const { ref, bytes } of sizes) {
      const part = partOf(ref, bits);
      sums.set(part, (sums.get(part) ?? partBytes) + bytes);
    }
    if ([...sums.values()].every((bytes) => bytes <= objectLimitBytes)) return bits;
  }
  return maxBits;
}

const encoder = new TextEncoder();

/** Size of a value as the API server gets it. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/** Those of 2^bits parts that are not among the ones read. */
export function missingParts(bits: number, read: Iterable<number>): number[] {
  const present = new Set(read);
  return Array.from({ length: 2 ** bits }, (_, part) => part).filter((part) => !present.has(part));
}

/** Parts that have grown come first: if a violation moved between two, a crash in between must not lose it. */
export function grownFirst<T extends KubeObject>(parts: readonly { readonly put: T; readonly growth: number }[]): T[] {
  return parts.toSorted((a, b) => b.growth - a.growth).map(({ put }) => put);
}
