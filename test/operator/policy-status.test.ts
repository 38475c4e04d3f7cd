import { describe, expect, test } from "vitest";
import { PolicyStatus } from "../../src/api/policy-status.ts";
import { type CoverageHole, type PolicyFacts, policyStatus } from "../../src/operator/policy-status.ts";
import { policyOf } from "../engine/samples.ts";

const now = Date.UTC(2026, 10, 21, 7, 25, 0, 900);
const later = now + 60_000;

const good = policyOf({ description: "good" });

/** A policy that compiled and was never scanned. */
const fresh: PolicyFacts = {
  now,
  generation: 1,
  inForce: { generation: 4, spec: { ...good.spec } },
  stored: undefined,
  compiled: { ok: true, rules: 3, kinds: 12 },
  inactiveRules: [],
  coverage: undefined,
  failures: undefined,
  summary: undefined,
  rules: undefined,
  rulesInForce: ["allowed-registries", "liveness-probe", "memory-limit"],
  baselineTakenAt: undefined,
  lastScanTime: undefined,
  nextScanTime: undefined,
  handledScanRequest: undefined,
  adoptions: [],
};

/** The same after its first scan. */
const scanned: PolicyFacts = {
  ...fresh,
  coverage: { percent: 100, holes: [] },
  failures: { rules: [], writes: [] },
  summary: { resources: 2, new: 1, known: 4, fixed: 0, critical: 0, high: 3, medium: 2, low: 0, score: 50, grade: "C" },
  rules: [
    { id: "memory-limit", new: 1, known: 2, lastNewTime: now },
    { id: "allowed-registries", new: 0, known: 2, lastNewTime: undefined },
  ],
  baselineTakenAt: now,
  lastScanTime: now,
  nextScanTime: now + 3_600_000,
  handledScanRequest: "please",
};

function broken(problem: { field: string; message: string }, inForce?: number): Partial<PolicyFacts> {
  return {
    inForce: undefined,
    compiled: { ok: false, problems: [{ ...problem, reason: "InvalidSchedule" }], inForce },
  };
}

const badSchedule = { field: "spec.scan.schedule", message: "never comes: no February has 30 days" };

function hole(kind: string, reason: CoverageHole["reason"] = "Forbidden"): CoverageHole {
  return { kind, reason, message: `${kind}: not allowed`, since: now };
}

function conditionOf(status: PolicyStatus, type: string) {
  return status.conditions?.find((one) => one.type === type);
}

describe("adoptions", () => {
  const adopted = { rule: "cpu-request", at: "2026-11-21T07:25:00Z", violations: 9, resources: 4, namespaces: 2 };

  test("are kept beside those of earlier leaders, newest first and each once", () => {
    const first = policyStatus({ ...scanned, adoptions: [adopted] });
    const second = { ...adopted, rule: "tag", at: "2026-11-21T07:26:00Z" };
    expect(first.adoptions).toEqual([adopted]);
    expect(policyStatus({ ...scanned, stored: first, adoptions: [adopted] }).adoptions).toEqual([adopted]);
    expect(policyStatus({ ...scanned, stored: first, adoptions: [second] }).adoptions).toEqual([second, adopted]);
  });

  test("are forgotten after 7 days", () => {
    const stored = policyStatus({ ...scanned, adoptions: [adopted] });
    expect(policyStatus({ ...scanned, now: now + 7 * 86_400_000, stored }).adoptions).toBeUndefined();
  });
});

describe("the status of a policy", () => {
  test.each([
    ["that is new", fresh],
    ["that was scanned", scanned],
    ["that does not compile", { ...fresh, ...broken(badSchedule) }],
    ["with a hole", { ...scanned, coverage: { percent: 50, holes: [hole("Service")] } }],
  ])("is one that our schema accepts (%s)", (_which, facts) => {
    expect(PolicyStatus.strict().safeParse(policyStatus(facts)).error).toBeUndefined();
  });

  test("is the same for the same facts, so that a policy at rest is not written", () => {
    const first = policyStatus(scanned);
    expect(policyStatus({ ...scanned, stored: first, now: later })).toEqual(first);
  });

  test("keeps what an earlier leader wrote until it is known anew", () => {
    const stored = policyStatus({ ...scanned, coverage: { percent: 50, holes: [hole("Service")] } });
    expect(policyStatus({ ...fresh, stored, now: later })).toEqual(stored);
  });

  test("says nothing about what was never known", () => {
    expect(Object.keys(policyStatus(fresh)).sort()).toEqual([
      "conditions",
      "inForce",
      "inactiveRules",
      "observedGeneration",
    ]);
  });

  test("gives times as whole seconds in UTC", () => {
    expect(policyStatus(scanned)).toMatchObject({
      baselineTakenAt: "2026-11-21T07:25:00Z",
      lastScanTime: "2026-11-21T07:25:00Z",
      nextScanTime: "2026-11-21T08:25:00Z",
    });
  });

  test("has no next scan while suspended", () => {
    const stored = policyStatus(scanned);
    expect(policyStatus({ ...scanned, stored, nextScanTime: null })).not.toHaveProperty("nextScanTime");
  });

  test("names rules that cannot run", () => {
    const inactiveRules = [{ rule: "no-token-secret", reason: "NeedsSecretMetadata" }];
    expect(policyStatus({ ...fresh, inactiveRules }).inactiveRules).toEqual(inactiveRules);
  });
});

describe("a policy that compiles", () => {
  test("is Ready, and says how much is in force", () => {
    expect(policyStatus(fresh).conditions).toEqual([
      {
        type: "Ready",
        status: "True",
        reason: "InForce",
        message: "3 rules over 12 kinds are in force",
        observedGeneration: 1,
        lastTransitionTime: "2026-11-21T07:25:00Z",
      },
    ]);
  });

  test("is in force with its spec", () => {
    expect(policyStatus({ ...fresh, generation: 4 }).inForce).toEqual({ generation: 4, spec: good.spec });
  });

  test("stays Ready however many violations there are", () => {
    expect(conditionOf(policyStatus(scanned), "Ready")?.status).toBe("True");
  });
});

describe("a policy that does not compile", () => {
  const before = policyStatus(scanned);
  const after = policyStatus({ ...scanned, ...broken(badSchedule, 1), generation: 2, stored: before, now: later });

  test("is not Ready and Stalled, for a reason, and names the field", () => {
    const common = { reason: "InvalidSchedule", observedGeneration: 2, lastTransitionTime: "2026-11-21T07:26:00Z" };
    expect(after.conditions).toEqual([
      {
        ...common,
        type: "Ready",
        status: "False",
        message: "spec.scan.schedule: never comes: no February has 30 days; generation 1 stays in force",
      },
      {
        ...common,
        type: "Stalled",
        status: "True",
        message: "spec.scan.schedule: never comes: no February has 30 days; edit the policy",
      },
    ]);
  });

  test("leaves the last good version in force", () => {
    expect(after.inForce).toEqual(before.inForce);
  });

  test("says so if nothing ever was in force", () => {
    const status = policyStatus({ ...fresh, ...broken(badSchedule) });
    expect(conditionOf(status, "Ready")?.message).toContain("; nothing is judged by it");
    expect(status).not.toHaveProperty("inForce");
  });

  test("keeps the time at which it broke while it stays broken", () => {
    const again = policyStatus({ ...scanned, ...broken(badSchedule, 1), generation: 3, stored: after, now: later * 2 });
    expect(conditionOf(again, "Ready")?.lastTransitionTime).toBe("2026-11-21T07:26:00Z");
    expect(conditionOf(again, "Stalled")?.observedGeneration).toBe(3);
  });

  test("is Stalled no more once it is mended", () => {
    const mended = policyStatus({ ...scanned, generation: 3, stored: after, now: later });
    expect(mended.conditions?.map(({ type }) => type)).toEqual(["Ready"]);
  });

  test("lists every problem, cut to what a reader can take", () => {
    const problems = Array.from({ length: 200 }, (_, index) => ({
      field: `spec.rules.disable[${index}]`,
      message: "no rule is called so",
      reason: "UnknownRule" as const,
    }));
    const status = policyStatus({ ...fresh, compiled: { ok: false, problems, inForce: undefined } });
    const { message = "" } = conditionOf(status, "Ready") ?? {};
    expect(message).toContain("spec.rules.disable[0]: no rule is called so; spec.rules.disable[1]: no rule");
    expect(message).toHaveLength(1024);
    expect(message.endsWith("…")).toBe(true);
  });
});

describe("Degraded", () => {
  const degraded = (facts: Partial<PolicyFacts>) => conditionOf(policyStatus({ ...scanned, ...facts }), "Degraded");

  test("is absent when everything was read and judged", () => {
    expect(degraded({})).toBeUndefined();
  });

  test("names every kind that was not read, and why", () => {
    const holes = [hole("Ingress.networking.k8s.io"), hole("Service", "ListFailed")];
    expect(degraded({ coverage: { percent: 80, holes } })).toMatchObject({
      status: "True",
      reason: "IncompleteCoverage",
      message:
        "80% covered; not read: Ingress.networking.k8s.io (Forbidden), Service (ListFailed). Ingress.networking.k8s.io: not allowed",
    });
  });

  test("names rules that threw", () => {
    expect(degraded({ failures: { rules: ["fragile"], writes: [] } })).toMatchObject({
      reason: "RuleFailed",
      message: "could not judge: fragile; see problems in the reports",
    });
  });

  test("names ledgers that could not be written", () => {
    expect(degraded({ failures: { rules: [], writes: ["cluster-scoped resources", "shop"] } })).toMatchObject({
      reason: "WriteFailed",
      message: "not up to date: cluster-scoped resources, shop",
    });
  });

  test("goes when the hole is closed", () => {
    const stored = policyStatus({ ...scanned, coverage: { percent: 50, holes: [hole("Service")] } });
    expect(conditionOf(policyStatus({ ...scanned, stored }), "Degraded")).toBeUndefined();
  });

  test("is what the holes of status.coverage say, with their times", () => {
    const { coverage } = policyStatus({ ...scanned, coverage: { percent: 50, holes: [hole("Service")] } });
    expect(coverage).toEqual({
      percent: 50,
      holes: [{ kind: "Service", reason: "Forbidden", message: "Service: not allowed", since: "2026-11-21T07:25:00Z" }],
    });
  });
});

describe("the counts by rule", () => {
  test("are sorted, and tell when a rule last found something new", () => {
    expect(policyStatus(scanned).rules).toEqual([
      { id: "allowed-registries", new: 0, known: 2 },
      { id: "memory-limit", new: 1, known: 2, lastNewTime: "2026-11-21T07:25:00Z" },
    ]);
  });

  const afterRestart = (rules: PolicyFacts["rules"], change: Partial<PolicyFacts> = {}) =>
    policyStatus({ ...scanned, stored: policyStatus(scanned), rules, ...change }).rules;

  test("keep that time over a restart, which forgets it", () => {
    expect(afterRestart([{ id: "memory-limit", new: 0, known: 2, lastNewTime: undefined }])).toEqual([
      { id: "memory-limit", new: 0, known: 2, lastNewTime: "2026-11-21T07:25:00Z" },
    ]);
  });

  test("keep that time also for a rule that finds nothing any more", () => {
    expect(afterRestart([])).toEqual([{ id: "memory-limit", new: 0, known: 0, lastNewTime: "2026-11-21T07:25:00Z" }]);
  });

  test("do not go back to the time of an older find", () => {
    const older = now - 86_400_000;
    expect(afterRestart([{ id: "memory-limit", new: 1, known: 2, lastNewTime: older }])).toMatchObject([
      { lastNewTime: "2026-11-21T07:25:00Z" },
    ]);
  });

  test("forget a rule that is not in force any more", () => {
    expect(afterRestart([], { rulesInForce: ["allowed-registries"] })).toEqual([]);
  });
});
