import { describe, expect, it } from "vitest";
import type { StoredRow } from "../../src/engine/ledger/stored.ts";
import type { LedgerRule } from "../../src/engine/ledger/types.ts";
import { ownedViolations } from "../../src/operator/ledger-metrics.ts";

const rule = (severity: LedgerRule["severity"]): LedgerRule => ({
  revision: 1,
  params: "",
  severity,
  title: "A rule",
  scope: "resource",
});
const rules = new Map([
  ["limit", rule("High")],
  ["tag", rule("Low")],
]);

const row = (id: string, rest: Partial<StoredRow> = {}): StoredRow => ({
  rule: id,
  path: "containers[name=app]",
  count: 1,
  state: "Known",
  since: 0,
  ...rest,
});

const counted = (...resources: Parameters<typeof ownedViolations>[0]) =>
  [...ownedViolations(resources, rules)].map(
    ({ owner, severity, new: fresh, known }) => `${owner} ${severity} ${fresh}/${known}`,
  );

const fingerprints = (...resources: Parameters<typeof ownedViolations>[0]) =>
  [...ownedViolations(resources, rules)].map(({ fingerprint }) => fingerprint);

describe("the violations of a ledger, by owner", () => {
  it("have the severity that the policy gives their rule", () => {
    const rows = [row("limit"), row("tag", { count: 3 })];
    expect(counted({ ref: "Deployment.apps/web", owner: "payments", rows })).toEqual([
      "payments High 0/1",
      "payments Low 0/3",
    ]);
  });

  it("are one where some of the same are New and some Known", () => {
    const rows = [row("limit", { state: "New", count: 2 }), row("limit"), row("limit", { since: 5, moved: true })];
    expect(counted({ ref: "Deployment.apps/web", owner: "payments", rows })).toEqual(["payments High 2/2"]);
  });

  it("are unowned where nobody is named", () => {
    expect(counted({ ref: "Deployment.apps/web", rows: [row("limit")] })).toEqual(["unowned High 0/1"]);
  });

  it("are left out of rules that the policy has no more", () => {
    expect(counted({ ref: "Deployment.apps/web", rows: [row("gone")] })).toEqual([]);
  });

  it("are told apart by resource, rule, path and value class, and by nothing else", () => {
    const web = { ref: "Deployment.apps/web", rows: [row("limit")] };
    const others = [
      { ref: "Deployment.apps/api", rows: [row("limit")] },
      { ref: "Deployment.apps/web", rows: [row("tag")] },
      { ref: "Deployment.apps/web", rows: [row("limit", { path: "containers[name=proxy]" })] },
      { ref: "Deployment.apps/web", rows: [row("limit", { class: "nginx" })] },
    ];
    expect(new Set(fingerprints(web, ...others)).size).toBe(5);
    const alike = { ...web, owner: "payments", rows: [row("limit", { state: "New", since: 9, value: "none" })] };
    expect(fingerprints(alike)).toEqual(fingerprints(web));
  });
});
