import { expect, test } from "vitest";
import type { StoredRow } from "../../src/engine/ledger/stored.ts";
import { adoptedIn } from "../../src/operator/adopted.ts";

const row = (state: "New" | "Known", since: number, rule = "limit"): StoredRow => ({
  rule,
  path: "",
  count: 1,
  state,
  since,
});

test("a rule is adopted in the resources whose Known rows are its youngest", () => {
  const resources = [
    { ref: "Deployment.apps/a", rows: [row("Known", 2_000), row("New", 3_000)] },
    { ref: "Deployment.apps/b", rows: [row("Known", 2_000), row("Known", 2_000)] },
    { ref: "Deployment.apps/c", rows: [row("Known", 1_000)] },
    { ref: "Deployment.apps/d", rows: [row("Known", 2_000, "tag")] },
  ];

  expect(adoptedIn({ resources }, [{ rule: "limit", count: 3 }])).toEqual([
    { rule: "limit", violations: 3, resources: 2 },
  ]);
});
