import { describe, expect, test } from "vitest";
import { readOptions, UsageError } from "../../tools/demo/options.ts";

describe("the demo's options", () => {
  test("run the product, stay up and wait two minutes at most unless told otherwise", () => {
    expect(readOptions([], {})).toEqual({
      once: false,
      transcript: undefined,
      operator: "src/bin/pawl.ts",
      patienceMs: 120_000,
      receivers: [],
    });
  });

  test("come from the command line", () => {
    const args = ["--once", "--transcript", "out.txt", "--patience", "2.5", "--operator", "other.ts"];
    expect(readOptions(args, {})).toEqual({
      once: true,
      transcript: "out.txt",
      operator: "other.ts",
      patienceMs: 2_500,
      receivers: [],
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

  test("send the digest nowhere unless the environment names a receiver", () => {
    const smtp = "smtp://me:p%40ss@mail.example.com/?from=pawl@example.com&to=a@example.com&to=b@example.com";
    expect(readOptions([], { SLACK_WEBHOOK: "https://hooks.example.com/x", SMTP: smtp }).receivers).toEqual([
      { type: "slack", url: "https://hooks.example.com/x" },
      {
        type: "email",
        target: {
          host: "mail.example.com",
          port: 587,
          tls: "StartTLS",
          from: "pawl@example.com",
          to: ["a@example.com", "b@example.com"],
        },
        username: "me",
        password: "p@ss",
      },
    ]);
  });

  test.each(["mail.example.com", "https://mail.example.com", "smtp://me:secret@mail.example.com/?to=a@example.com"])(
    "refuse the mail server %j without repeating it",
    (smtp) => {
      expect(() => readOptions([], { SMTP: smtp })).toThrow(/^SMTP (?:holds no address|names no sender)(?!.*secret)/);
    },
  );

  test.each([["--patience", "soon"], ["--patience", "0"], ["--twice"], ["stray"]])("refuse %s %s", (...args) => {
    expect(() => readOptions(args, {})).toThrow(UsageError);
  });
});
