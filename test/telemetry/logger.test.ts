import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createLogger, type LogLevel } from "../../src/telemetry/logger.ts";

function recorder(level: LogLevel = "debug") {
  const lines: string[] = [];
  const logger = createLogger({ level, destination: { write: (line) => lines.push(line) } });
  return { logger, lines, entry: () => JSON.parse(lines.at(-1) ?? "null") };
}

describe("the logger", () => {
  it("writes one JSON object a line, with level, time, fields and message", () => {
    const { logger, lines, entry } = recorder();
    logger.info({ policy: "production", found: 2 }, "Scan finished");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(entry()).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      policy: "production",
      found: 2,
      msg: "Scan finished",
    });
  });

  it.each([
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ] as const)("set to %s, writes %j", (level, written) => {
    const { logger, lines } = recorder(level);
    for (const method of ["debug", "info", "warn", "error"] as const) logger[method]({}, "Something");
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(written);
  });

  it.each([
    "authorization",
    "Authorization",
    "cookie",
    "password",
    "secret",
    "token",
    "clientSecret",
    "privateKey",
    "client-key-data",
  ])("never writes the value of %j", (field) => {
    const { logger, lines } = recorder();
    logger.warn(
      { [field]: "hunter2", at: { [field]: "hunter2", at: { [field]: "hunter2", at: { [field]: "hunter2" } } } },
      "Something",
    );
    expect(lines.join()).not.toContain("hunter2");
    expect(lines.join().match(/\[redacted\]/g)).toHaveLength(4);
  });

  it("does not change the object whose fields it hides", () => {
    const fields = { token: "hunter2" };
    recorder().logger.info(fields, "Something");
    expect(fields.token).toBe("hunter2");
  });

  it("tells an error by type, message, code and causes, and none of what hangs on it", () => {
    const { logger, lines, entry } = recorder();
    const cause = Object.assign(new TypeError("socket closed"), { code: "ECONNRESET" });
    const error = Object.assign(new Error("List failed", { cause }), {
      request: { headers: { authorization: "Bearer hunter2" } },
    });
    logger.error({ error }, "Something");
    expect(entry().error).toMatchObject({
      type: "Error",
      message: "List failed",
      stack: expect.stringContaining("logger.test.ts"),
      cause: { type: "TypeError", message: "socket closed", code: "ECONNRESET" },
    });
    expect(lines.join()).not.toContain("hunter2");
  });

  it("ends a circle of causes", () => {
    const { logger, entry } = recorder();
    const error = new Error("round and round");
    error.cause = error;
    logger.error({ error }, "Something");
    expect(JSON.stringify(entry().error).match(/round and round/g)?.length).toBeGreaterThan(1);
  });

  it.each([
    ["a text", "boom", { type: "string", message: "boom" }],
    ["a number", 7, { type: "number", message: "7" }],
    ["an object without text", Object.create(null), { type: "object", message: "a value without text" }],
  ])("tells %s that was thrown", (_, error, told) => {
    const { logger, entry } = recorder();
    logger.error({ error }, "Something");
    expect(entry().error).toEqual(told);
  });

  it("writes fields that hold a circle or a big integer", () => {
    const { logger, entry } = recorder();
    const circle: Record<string, unknown> = { size: 1n };
    circle.self = circle;
    logger.info({ circle }, "Something");
    expect(entry().msg).toBe("Something");
  });

  it("writes to stdout unless told otherwise, and is done when the process ends at once", () => {
    const script = `
      import { createLogger } from ${JSON.stringify(new URL("../../src/telemetry/logger.ts", import.meta.url).href)};
      createLogger({ level: "info" }).error({ code: 7 }, "The last words");
      process.exit(0);
    `;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect(JSON.parse(output)).toMatchObject({ level: "error", code: 7, msg: "The last words" });
  });
});
