import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stableJson } from "../../../src/engine/values/stable-json.ts";

describe("stable JSON", () => {
  it("does not depend on the order of keys", () => {
    expect(stableJson({ b: [1, { d: 2, c: 3 }], a: null })).toBe('{"a":null,"b":[1,{"c":3,"d":2}]}');
  });

  it("leaves out undefined", () => {
    expect(stableJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it("writes null in a list in place of undefined", () => {
    expect(stableJson([undefined, 1])).toBe("[null,1]");
  });

  it.each([
    ["lists", (inner: unknown) => [inner]],
    ["mappings", (inner: unknown) => ({ a: inner })],
  ])("is written down to 256 levels of %s", (_, around) => {
    const nested = (levels: number) => {
      let value: unknown = "innermost";
      for (let level = 0; level < levels; level++) value = around(value);
      return stableJson(value);
    };
    expect(nested(256)).toContain("innermost");
    expect(nested(257)).not.toContain("innermost");
  });

  it("reads back as the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("survives hostile nesting of mappings", () => {
    let nested: unknown = "lost";
    for (let level = 0; level < 20_000; level++) nested = { a: nested };
    expect(stableJson(nested)).not.toContain("lost");
  });

  it("survives hostile nesting", () => {
    let value: unknown = 1;
    for (let level = 0; level < 100_000; level++) value = [value];
    expect(stableJson(value)).toContain("…");
  });
});
