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

describe("rules that are adopted", () => {
  test("are told once no ledger has adopted more for four seconds", () => {
    const run = new PolicyRun("production");
    run.adopt([{ rule: "limit", violations: 2, resources: 1 }], 1_000);
    run.adopt([{ rule: "limit", violations: 3, resources: 2 }], 3_000);
    expect(run.takeAdopted(6_999)).toEqual([]);
    run.adopting("shop", true);
    expect(run.takeAdopted(7_000)).toEqual([]);
    run.adopting("shop", false);
    expect(run.takeAdopted(7_000)).toEqual([{ rule: "limit", violations: 5, resources: 3, namespaces: 2 }]);
  });

  test("are told once, by id", () => {
    const run = new PolicyRun("production");
    run.adopt(
      [
        { rule: "tag", violations: 1, resources: 1 },
        { rule: "limit", violations: 2, resources: 1 },
      ],
      0,
    );
    expect(run.takeAdopted(4_000).map(({ rule }) => rule)).toEqual(["limit", "tag"]);
    expect(run.takeAdopted(8_000)).toEqual([]);
  });

  test("are told at any time where the leader ends", () => {
    const run = new PolicyRun("production");
    run.adopt([{ rule: "limit", violations: 2, resources: 1 }], 1_000);
    run.adopting("shop", true);
    expect(run.takeAllAdopted()).toEqual([{ rule: "limit", violations: 2, resources: 1, namespaces: 1 }]);
    expect(run.takeAllAdopted()).toEqual([]);
  });

  test("are not held up by ledgers that adopt nothing", () => {
    const run = new PolicyRun("production");
    run.adopt([{ rule: "limit", violations: 2, resources: 1 }], 0);
    run.adopt([], 3_999);
    expect(run.takeAdopted(4_000)).toEqual([{ rule: "limit", violations: 2, resources: 1, namespaces: 1 }]);
  });
});

test.each([
  ["continuous", { continuous: true }, true],
  ["not continuous", { continuous: false }, false],
  ["suspended", { suspend: true }, false],
])("a policy that is %s is watched accordingly", (_word, scan, watched) => {
  expect(isWatched(policyOf({ scan }))).toBe(watched);
});
