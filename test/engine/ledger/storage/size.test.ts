import { describe, expect, test } from "vitest";
import { jsonBytes } from "../../../../src/engine/ledger/storage/parts.ts";
import { ledgerWith } from "../simulated-ledger.ts";

const rules = ["memory-limit", "memory-request", "readiness-probe", "image-tag", "run-as-non-root"];

/** As real rules spell them; every fourth has a value class. */
function violationsOf(resource: number): string[] {
  return rules.map((rule, at) => {
    const path = `containers[name=checkout-${resource}].resources.limits.memory`;
    return at % 4 === 3 ? `${rule}@${path}#registry.example.com/shop/checkout-${resource}` : `${rule}@${path}`;
  });
}

describe("DESIGN promise 4: at most 256 bytes per violation", () => {
  test("with 5 per resource, report and Baseline together, changes and history apart", () => {
    const resources = 100;
    const ledger = ledgerWith(
      Object.fromEntries(
        Array.from({ length: resources }, (_, at) => [`Deployment.apps/checkout-${at}`, violationsOf(at)]),
      ),
      {
        rules: new Map(
          rules.map((id) => [
            id,
            {
              revision: 1,
              params: "v1-85944171f73967e8",
              severity: "High",
              title: "A title of a rule",
              scope: "resource",
            },
          ]),
        ),
      },
    );
    const report = ledger.reports.map((object) => ({ ...object, changes: [], history: [] }));
    const bytes = [...ledger.baselines, ...report].reduce((sum, object) => sum + jsonBytes(object), 0);
    expect(ledger.report?.summary.known).toBe(500);
    expect(bytes / 500).toBeLessThanOrEqual(256);
  });

  test("nothing for a clean workload", () => {
    const ledger = ledgerWith({});
    const before = [...ledger.baselines, ...ledger.reports].reduce((sum, object) => sum + jsonBytes(object), 0);
    for (let at = 0; at < 9; at++) ledger.put(`Deployment.apps/clean-${at}`);
    ledger.evaluate();
    const after = [...ledger.baselines, ...ledger.reports].reduce((sum, object) => sum + jsonBytes(object), 0);
    // The number of resources, and score and grade that go with it.
    expect(after - before).toBeLessThan(60);
  });
});
