import { describe, expect, test } from "vitest";
import { listViolations, violationsTable } from "../../tools/demo/violations-table.ts";

const rules = {
  "memory-limit": { severity: "High", title: "Memory limit" },
  "no-latest-tag": { severity: "Medium", title: "Fixed image version" },
} as const;

describe("the violations of a report", () => {
  test("come worst first, and what is new before what is known", () => {
    const listed = listViolations({
      rules,
      violating: [
        {
          ref: "Deployment.apps/cart",
          rows: [
            { rule: "no-latest-tag", path: "containers[name=a].image", state: "New", value: "cart:latest" },
            { rule: "memory-limit", path: "containers[name=a].resources.limits.memory" },
          ],
        },
        {
          ref: "Deployment.apps/search",
          rows: [{ rule: "memory-limit", path: "containers[name=b].resources.limits.memory", state: "New" }],
        },
      ],
    });
    expect(listed.map(({ ref, rule, state }) => [ref, rule, state])).toEqual([
      ["Deployment.apps/search", "memory-limit", "New"],
      ["Deployment.apps/cart", "memory-limit", "Known"],
      ["Deployment.apps/cart", "no-latest-tag", "New"],
    ]);
  });

  test("are refused when a row names a rule that the report does not hold", () => {
    const report = { rules: {}, violating: [{ ref: "Pod/a", rows: [{ rule: "odd", path: "spec" }] }] };
    expect(() => listViolations(report)).toThrow("row of rule odd");
  });
});

describe("the table of violations", () => {
  const violations = listViolations({
    rules,
    violating: [
      { ref: "Pod/a", rows: [{ rule: "no-latest-tag", path: "containers[name=a].image", value: "ubuntu" }] },
      { ref: "Pod/long-name", rows: [{ rule: "no-latest-tag", path: "containers[name=b].image" }] },
    ],
  });

  test("has straight columns and no blanks at line ends", () => {
    expect(violationsTable(violations, 10).split("\n")).toEqual([
      "SEVERITY   STATE   RESOURCE        RULE            PATH                       VALUE",
      "Medium     Known   Pod/a           no-latest-tag   containers[name=a].image   ubuntu",
      "Medium     Known   Pod/long-name   no-latest-tag   containers[name=b].image",
    ]);
  });

  test("says how many it leaves out", () => {
    expect(violationsTable(violations, 1).split("\n").at(-1)).toBe("… and 1 more");
  });
});
