import { describe, expect, it } from "vitest";
import { fillMessage, violationMessage } from "../../src/engine/message.ts";
import { memoryLimit } from "./sample-rules.ts";

describe("a message", () => {
  it("takes its arguments by name", () => {
    expect(fillMessage("{a} and {b} and {a}", { a: "x", b: 3 })).toBe("x and 3 and x");
  });

  it("keeps a placeholder that has no argument", () => {
    expect(fillMessage("{a} of {constructor}", { a: "x" })).toBe("x of {constructor}");
  });

  it("does not look for placeholders in its arguments", () => {
    expect(fillMessage("{a} {b}", { a: "{b}", b: "x" })).toBe("{b} x");
  });

  const violation = { messageId: "missing", data: { container: "app" } };

  it("is the rule's, by its id", () => {
    expect(violationMessage(memoryLimit, violation)).toBe("Container app has no memory limit");
  });

  it("is the policy's where it gives one", () => {
    expect(violationMessage(memoryLimit, violation, "Limit {container}, see the handbook")).toBe(
      "Limit app, see the handbook",
    );
  });

  it("is the rule's title for an id of another version", () => {
    expect(violationMessage(memoryLimit, { messageId: "gone", data: {} })).toBe("Memory limit");
  });
});
