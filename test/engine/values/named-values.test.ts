import { describe, expect, it } from "vitest";
import { namedValues } from "../../../src/engine/values/named-values.ts";

describe("namedValues", () => {
  it.each([
    ["a=1", "a", "1"],
    ["a = 1", "a", "1"],
    ["a: 1", "a", "1"],
    ["a : 1", "a", "1"],
    ["  indented: x y  ", "indented", "x y"],
    ["a.b-c_d=x=y", "a.b-c_d", "x=y"],
    ["- item: 1", "item", "1"],
    ["export A=1", "A", "1"],
    ["-   item: 1", "item", "1"],
    ["export   A=1", "A", "1"],
    ["a=", "a", ""],
    ["a:", "a", ""],
    ['a="x y"', "a", "x y"],
    ["a='x'", "a", "x"],
    [`a='x"`, "a", `'x"`],
    ['a=x"y"', "a", 'x"y"'],
    ['a="x"y', "a", '"x"y'],
    ["a: x,y", "a", "x,y"],
    ['"a": "x",', "a", "x"],
    ["'a': 1,", "a", "1"],
    ["a=1\r", "a", "1"],
    ["_a=1", "_a", "1"],
    ["a=x\ry", "a", "x\ry"],
    ['a="x\u2028y"', "a", "x\u2028y"],
  ])("reads %j", (line, name, value) => {
    expect(namedValues(line)).toEqual([[name, value]]);
  });

  it.each(["", "a", "a:1", "# a=1", "// a: 1", "1a=1", "=1", "a b=1", `"a'=1`, "[section]", "http://x", "export a"])(
    "reads nothing in %j",
    (line) => {
      expect(namedValues(line)).toEqual([]);
    },
  );

  it("reads line by line", () => {
    expect(namedValues("a=1\n\n# b=2\nc: 3\n")).toEqual([
      ["a", "1"],
      ["c", "3"],
    ]);
  });

  it("takes time linear in the length of a line", () => {
    const blanks = " ".repeat(1_000_000);
    const started = performance.now();
    expect(namedValues(`a=x${blanks}y`)).toHaveLength(1);
    expect(namedValues(`a${blanks}y\n"a${blanks}=\n- ${blanks}a`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
