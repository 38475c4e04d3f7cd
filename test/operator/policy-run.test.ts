import { describe, expect, test } from "vitest";
import { isWatched, PolicyRun } from "../../src/operator/policy-run.ts";
import { policyOf } from "../engine/samples.ts";

describe("what is known of a policy", () => {
  test("is not complete before a first pass", () => {
    const run = new PolicyRun("production");
    run.edited();
    expect(run.isJudged).toBe(false);
  });

  test("is complete once a pass by the version in force has ended", () => {
    const run = new PolicyRun("production");
    run.edited();
    run.judged(run.version);
    expect(run.isJudged).toBe(true);
  });

  test("is incomplete again from the next edit on", () => {
    const run = new PolicyRun("production");
    run.judged(run.version);
    run.edited();
    expect(run.isJudged).toBe(false);
  });

  test("is not made complete by a pass that began before the edit", () => {
    const run = new PolicyRun("production");
    const version = run.version;
    run.edited();
    run.judged(version);
    expect(run.isJudged).toBe(false);
  });
});

test.each([
  ["continuous", { continuous: true }, true],
  ["not continuous", { continuous: false }, false],
  ["suspended", { suspend: true }, false],
])("a policy that is %s is watched accordingly", (_word, scan, watched) => {
  expect(isWatched(policyOf({ scan }))).toBe(watched);
});
