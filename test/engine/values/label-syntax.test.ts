import { describe, expect, it } from "vitest";
import { labelKeyProblem, labelValueProblem } from "../../../src/engine/values/label-syntax.ts";

const long = (length: number) => "a".repeat(length);

describe("a label key", () => {
  it.each([
    "a",
    "A_b.c-d",
    "0",
    long(63),
    "example.com/name",
    "a/name",
    "a.b/name",
    `${[long(63), long(63), long(63), long(61)].join(".")}/n`,
  ])("is legal: %s", (key) => {
    expect(labelKeyProblem(key)).toBeUndefined();
  });

  it.each(["", "-a", "a-", "a b", "ä", "/a", "a/", "a/b/c", "Example.com/a", "a_b/c", "a..b/c", "constructor ", "a\n"])(
    "is illegal: %j",
    (key) => {
      expect(labelKeyProblem(key)).toBe("illegal");
    },
  );

  it.each([long(64), `example.com/${long(64)}`, `${long(254)}/a`])("is too long: %s", (key) => {
    expect(labelKeyProblem(key)).toBe("tooLong");
  });
});

describe("a label value", () => {
  it.each(["", "a", "A_b.c-d", "1", long(63)])("is legal: %j", (value) => {
    expect(labelValueProblem(value)).toBeUndefined();
  });

  it.each(["-", "a-", ".a", "a b", "a/b", "ä", "a\n"])("is illegal: %j", (value) => {
    expect(labelValueProblem(value)).toBe("illegal");
  });

  it("is too long above 63 characters", () => {
    expect(labelValueProblem(long(64))).toBe("tooLong");
  });
});
