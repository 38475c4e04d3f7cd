import { describe, expect, it } from "vitest";
import { hash32, hash53, hash64 } from "../../../src/engine/values/hash.ts";

describe("hashes", () => {
  it.each([
    ["", "v1-cbf29ce484222325"],
    ["a", "v1-af63dc4c8601ec8c"],
    ["foobar", "v1-85944171f73967e8"],
    ["jqaa", "v1-0ea429de0c966cba"],
    ["尺寸", "v1-da84ceb843885c16"],
  ])("of %j in 64 bits are those of FNV-1a", (text, expected) => {
    expect(hash64(text)).toBe(expected);
  });

  it.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["foobar", 0xbf9cf968],
    ["Größe", 0x48b3427a],
    ["尺寸", 0x436e3d96],
  ])("of %j in 32 bits are those of FNV-1a", (text, expected) => {
    expect(hash32(text)).toBe(expected | 0);
  });

  it.each(["foobar", "Größe", "尺寸", ""])("in 32 bits go on where that of %j ended", (text) => {
    expect(hash32(".size 🚀", hash32(text))).toBe(hash32(`${text}.size 🚀`));
  });

  it("in 53 bits tell many texts apart that differ in little", () => {
    const texts = Array.from({ length: 100_000 }, (_, at) => `Deployment.apps/web-${at % 1000}\nlimit\n[${at}]`);
    const hashes = new Set(texts.map(hash53));
    expect(hashes.size).toBe(texts.length);
    expect([...hashes].filter((hash) => !Number.isSafeInteger(hash) || hash < 0)).toEqual([]);
  });

  it("in 53 bits are no less than zero where the upper bits are", () => {
    expect(hash53("web-591420")).toBeGreaterThanOrEqual(0);
  });

  it("in 53 bits spread over all of their bits", () => {
    const ones = Array.from({ length: 53 }, () => 0);
    for (let at = 0; at < 10_000; at++) {
      const bits = BigInt(hash53(`web-${at}`));
      ones.forEach((_, bit) => {
        ones[bit] = (ones[bit] ?? 0) + Number((bits >> BigInt(bit)) & 1n);
      });
    }
    for (const count of ones) expect(Math.abs(count - 5_000)).toBeLessThan(300);
  });

  it("agree with exact arithmetic beyond ASCII", () => {
    const text = "Größe 尺寸 🚀".repeat(20);
    let exact = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(text))
      exact = ((exact ^ BigInt(byte)) * 0x100000001b3n) & ((1n << 64n) - 1n);
    expect(hash64(text)).toBe(`v1-${exact.toString(16).padStart(16, "0")}`);
  });
});
