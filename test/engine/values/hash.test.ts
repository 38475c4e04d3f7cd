import { describe, expect, it } from "vitest";
import { hash32, hash64 } from "../../../src/engine/values/hash.ts";

describe("hashes", () => {
  it.each([
    ["", "v1-cbf29ce484222325"],
    ["a", "v1-af63dc4c8601ec8c"],
    ["foobar", "v1-85944171f73967e8"],
  ])("of %j in 64 bits are those of FNV-1a", (text, expected) => {
    expect(hash64(text)).toBe(expected);
  });

  it.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["foobar", 0xbf9cf968],
  ])("of %j in 32 bits are those of FNV-1a", (text, expected) => {
    expect(hash32(text)).toBe(expected);
  });

  it.each(["foobar", "Größe", "尺寸", ""])("in 32 bits go on where that of %j ended", (text) => {
    expect(hash32(".size 🚀", hash32(text))).toBe(hash32(`${text}.size 🚀`));
  });

  it("agree with exact arithmetic beyond ASCII", () => {
    const text = "Größe 尺寸 🚀".repeat(20);
    let exact = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(text))
      exact = ((exact ^ BigInt(byte)) * 0x100000001b3n) & ((1n << 64n) - 1n);
    expect(hash64(text)).toBe(`v1-${exact.toString(16).padStart(16, "0")}`);
  });
});
