import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countTests, summaryLine } from "../tools/test-counts.ts";

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "pawl-counts-"));
});

afterAll(() => rmSync(dir, { recursive: true }));

const green = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [],
};

function count(report: object | string) {
  const file = join(dir, "report.json");
  writeFileSync(file, typeof report === "string" ? report : JSON.stringify(report));
  return countTests(file);
}

describe("the counts of a vitest run", () => {
  test("are those of its report, todo counted as skipped", () => {
    const report = { ...green, numFailedTests: 2, numPendingTests: 1, numTodoTests: 4, success: false };
    expect(count(report)).toEqual({ passed: 3, failed: 2, skipped: 5 });
  });

  test("count a file that did not load as one failed test", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(count({ ...green, success: false, testResults })).toMatchObject({ passed: 3, failed: 1 });
  });

  test("never show zero failures for a run that failed", () => {
    expect(count({ ...green, success: false })).toMatchObject({ failed: 1 });
    expect(count("not JSON")).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countTests(join(dir, "absent.json"))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("the last line", () => {
  test("is the sum over the runs", () => {
    const runs = [
      { passed: 10, failed: 1, skipped: 0 },
      { passed: 5, failed: 0, skipped: 0 },
    ];
    expect(summaryLine(runs)).toBe("15 passed, 1 failed");
  });

  test("confesses skipped tests", () => {
    expect(summaryLine([{ passed: 1, failed: 0, skipped: 2 }])).toBe("1 passed, 0 failed, 2 skipped");
  });
});
