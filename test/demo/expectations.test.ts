import { describe, expect, test } from "vitest";
import { Checklist, type Expectation, expectations } from "../../tools/demo/expectations.ts";

const all = Object.keys(expectations) as Expectation[];

function metAllBut(...missing: Expectation[]): Checklist {
  const checklist = new Checklist();
  for (const expectation of all) if (!missing.includes(expectation)) checklist.meet(expectation);
  return checklist;
}

describe("the checklist", () => {
  test("passes when every expectation was met", () => {
    expect(metAllBut().passed).toBe(true);
  });

  test.each(all)("does not pass when nobody looked at %s", (expectation) => {
    expect(metAllBut(expectation).passed).toBe(false);
  });

  test("names what failed, why, and what was not reached", () => {
    const checklist = metAllBut("newIsNew", "fixIsFixed");
    checklist.fail("newIsNew", "last seen: 0 new");
    expect(checklist.lines().filter(({ mark }) => mark !== "met")).toEqual([
      { mark: "failed", text: expectations.newIsNew, reason: "last seen: 0 new" },
      { mark: "not reached", text: expectations.fixIsFixed },
    ]);
  });
});
