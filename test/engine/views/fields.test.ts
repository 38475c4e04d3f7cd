import { describe, expect, it } from "vitest";
import {
  fieldsAt,
  flagAt,
  integerAt,
  listAt,
  recordsAt,
  textAt,
  textMapAt,
  textsAt,
  valueAt,
} from "../../../src/engine/views/fields.ts";

const hostile = JSON.parse('{"__proto__": {"a": 1}, "constructor": "text", "list": [1, null, {"a": 1}, "x"]}');

describe("tolerant readers", () => {
  it("take null for absent", () => {
    expect(valueAt({ a: { b: null } }, "a", "b")).toBeUndefined();
    expect(valueAt(null)).toBeUndefined();
  });

  it("take a wrong type for absent", () => {
    const of = { text: 1, flag: 1, integer: "1", list: {}, fields: [] };
    expect([textAt(of, "text"), flagAt(of, "flag"), integerAt(of, "integer"), fieldsAt(of, "fields")]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(listAt(of, "list")).toEqual([]);
    expect(textMapAt(of, "text").size).toBe(0);
  });

  it("step into nothing but mappings", () => {
    expect(valueAt({ a: ["x"] }, "a", "0")).toBeUndefined();
    expect(valueAt({ a: "text" }, "a", "length")).toBeUndefined();
  });

  it('take the strings "true" and "false" for booleans', () => {
    expect([true, false, "true", "false", "True", "yes", 1].map((flag) => flagAt(flag))).toEqual([
      true,
      false,
      true,
      false,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([1.5, Number.NaN, 2 ** 60, "1"])("take %j for no integer", (value) => {
    expect(integerAt(value)).toBeUndefined();
  });

  it("know prototype keys only where they are written", () => {
    expect(valueAt({}, "constructor")).toBeUndefined();
    expect(valueAt({}, "__proto__")).toBeUndefined();
    expect(valueAt({}, "__proto__", "toString")).toBeUndefined();
    expect(valueAt(hostile, "__proto__", "a")).toBe(1);
    expect(textMapAt(hostile).get("constructor")).toBe("text");
    expect(textMapAt(hostile).has("__proto__")).toBe(false);
  });

  it("leave elements of another type out of lists", () => {
    expect(recordsAt(hostile, "list")).toEqual([{ a: 1 }]);
    expect(textsAt(hostile, "list")).toEqual(["x"]);
  });
});
