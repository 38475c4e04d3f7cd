import { describe, expect, test } from "vitest";
import { readOptions, UsageError } from "../../tools/demo/options.ts";

describe("the demo's options", () => {
  test("run the product, stay up and wait two minutes at most unless told otherwise", () => {
    expect(readOptions([], {})).toEqual({
      once: false,
      transcript: undefined,
      operator: "src/bin/pawl.ts",
      patienceMs: 120_000,
    });
  });

  test("come from the command line", () => {
    const args = ["--once", "--transcript", "out.txt", "--patience", "2.5", "--operator", "other.ts"];
    expect(readOptions(args, {})).toEqual({
      once: true,
      transcript: "out.txt",
      operator: "other.ts",
      patienceMs: 2_500,
    });
  });

  test.each(["1", "true", "yes"])("end after the last stage with ONCE=%s", (once) => {
    expect(readOptions([], { ONCE: once }).once).toBe(true);
  });

  test.each(["", "0", "false", "No"])("stay up with ONCE=%j", (once) => {
    expect(readOptions([], { ONCE: once }).once).toBe(false);
  });

  test("take another operator from the environment", () => {
    expect(readOptions([], { PAWL_DEMO_OPERATOR: "silent.ts" }).operator).toBe("silent.ts");
  });

  test.each([["--patience", "soon"], ["--patience", "0"], ["--twice"], ["stray"]])("refuse %s %s", (...args) => {
    expect(() => readOptions(args, {})).toThrow(UsageError);
  });
});
