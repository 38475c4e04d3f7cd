import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../../src/engine/values/printable.ts";

describe("printable", () => {
  it("leaves ordinary text as it is", () => {
    expect(printable("registry.example.com/größe:1")).toBe("registry.example.com/größe:1");
  });

  it("writes line breaks and control characters as escapes", () => {
    expect(printable("a\nb\u2028c\u0000")).toBe("a\\u000ab\\u2028c\\u0000");
  });

  it.each([
    ["\u2028", "\\u2028"],
    ["ä\u0085", "ä\\u0085"],
    ["~\u007f", "~\\u007f"],
  ])("escapes the one separator or control character in %j", (text, line) => {
    expect(printable(text)).toBe(line);
  });

  it("cuts what is too long and says so", () => {
    expect(printable("abcdef", 4)).toBe("abc…");
  });

  it("is one line of at most the given length, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const line = printable(text, length);
        expect(line.length).toBeLessThanOrEqual(length);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
