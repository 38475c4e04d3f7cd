import { describe, expect, it } from "vitest";
import { type OwnedViolation, OwnerCounts } from "../../src/telemetry/owner-counts.ts";

const violation = (fingerprint: number, rest: Partial<OwnedViolation> = {}): OwnedViolation => ({
  fingerprint,
  owner: "payments",
  severity: "High",
  new: 0,
  known: 1,
  ...rest,
});

/** `payments high known: 1` */
function told(counts: OwnerCounts): readonly string[] {
  return counts
    .series()
    .map(({ owner, slot, count }) => `${owner} ${slot.severity} ${slot.state}: ${count}`)
    .sort();
}

describe("the violations of owners", () => {
  it("are added up by severity and state", () => {
    const counts = new OwnerCounts();
    counts.set("production", "shop", [
      violation(1, { new: 2, known: 3 }),
      violation(2),
      violation(3, { owner: "web" }),
    ]);
    expect(told(counts)).toEqual(["payments high known: 4", "payments high new: 2", "web high known: 1"]);
  });

  it("are counted once where policies overlap", () => {
    const counts = new OwnerCounts();
    for (const policy of ["production", "audit"]) counts.set(policy, "shop", [violation(1), violation(2)]);
    expect(told(counts)).toEqual(["payments high known: 2"]);
  });

  it("are counted with the highest severity, whichever policy came first", () => {
    for (const [one, other] of [
      ["Low", "Critical"],
      ["Critical", "Low"],
    ] as const) {
      const counts = new OwnerCounts();
      counts.set("production", "shop", [violation(1, { severity: one })]);
      counts.set("audit", "shop", [violation(1, { severity: other })]);
      expect(told(counts)).toEqual(["payments critical known: 1"]);
    }
  });

  it("are New if they are New in any policy, and as many as the policy has that sees most", () => {
    const counts = new OwnerCounts();
    counts.set("production", "shop", [violation(1, { new: 1, known: 0 })]);
    counts.set("audit", "shop", [violation(1, { new: 0, known: 3 })]);
    expect(told(counts)).toEqual(["payments high known: 2", "payments high new: 1"]);
  });

  it("are told apart by namespace, where the same fingerprint is another violation", () => {
    const counts = new OwnerCounts();
    for (const namespace of ["shop", "bank"]) counts.set("production", namespace, [violation(1)]);
    expect(told(counts)).toEqual(["payments high known: 2"]);
  });

  it("follow what is set anew, and are gone where nothing is left", () => {
    const counts = new OwnerCounts();
    counts.set("production", "shop", [violation(1), violation(2)]);
    counts.set("audit", "shop", [violation(1, { severity: "Critical" })]);
    expect(told(counts)).toEqual(["payments critical known: 1", "payments high known: 1"]);
    counts.remove("audit", "shop");
    expect(told(counts)).toEqual(["payments high known: 2"]);
    counts.set("production", "shop", [violation(2, { owner: "web" })]);
    expect(told(counts)).toEqual(["web high known: 1"]);
    counts.set("production", "shop", []);
    expect(told(counts)).toEqual([]);
  });

  it("go with a policy everywhere", () => {
    const counts = new OwnerCounts();
    for (const namespace of ["shop", "bank"]) counts.set("production", namespace, [violation(1)]);
    counts.set("audit", "shop", [violation(2)]);
    counts.remove("production");
    expect(told(counts)).toEqual(["payments high known: 1"]);
  });
});
