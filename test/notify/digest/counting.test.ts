import { describe, expect, test } from "vitest";
import { change, day, digestOf, now, part, policy, report, resource, row, since, takenAt } from "./reports.ts";

const recent = "2026-11-18T13:00:00Z";
const older = "2026-11-01T13:00:00Z";
const checkout = "Deployment.apps/checkout";

describe("what is new and open", () => {
  test("counts as new what is New since the period began, and as open all that is there", () => {
    const rows = [
      row("memory-limit", { state: "New", since: recent }),
      row("no-latest-tag", { state: "New", since: older }),
      row("priority-class", { count: 3 }),
    ];
    const { verdict } = digestOf({ reports: [report({ violating: [resource(checkout, rows)] })] });

    expect(verdict).toMatchObject({ new: 1, open: 5, openNew: 2, high: 1, medium: 1, low: 3, critical: 0 });
  });

  test("counts what several policies find once, with the worst severity, and names them", () => {
    const rows = [row("memory-limit", { state: "New", since: recent })];
    const violating = [resource(checkout, rows)];
    const rules = { "memory-limit": { severity: "Critical", title: "Memory limit" } } as const;
    const { verdict, new: fresh } = digestOf({
      reports: [report({ violating }), report({ policy: "strict", violating, rules })],
    });

    expect(verdict).toMatchObject({ new: 1, open: 1, critical: 1, high: 0 });
    expect(fresh).toMatchObject({
      total: 1,
      shown: [{ rule: { severity: "Critical" }, policies: ["production", "strict"] }],
    });
  });

  test("tells equal violations of two namespaces apart", () => {
    const violating = [resource(checkout, [row("memory-limit")])];
    const { verdict } = digestOf({ reports: [report({ violating }), report({ violating, namespace: "search" })] });

    expect(verdict.open).toBe(2);
  });

  test("leaves what came after the period out of what is new", () => {
    const violating = [resource(checkout, [row("memory-limit", { state: "New", since: recent })])];
    const { verdict } = digestOf({ reports: [report({ violating })] }, { until: Date.parse(recent) });

    expect(verdict).toMatchObject({ new: 0, open: 1, openNew: 1 });
  });

  test("shows the five worst and newest, and how many there are", () => {
    const rows = Array.from({ length: 20 }, (_, index) =>
      row(index === 19 ? "no-privileged" : "memory-limit", {
        path: `containers[name=c${index}]`,
        state: "New",
        since: `2026-11-18T13:${String(index).padStart(2, "0")}:00Z`,
      }),
    );
    const { new: fresh } = digestOf({ reports: [report({ violating: [resource(checkout, rows)] })] });

    expect(fresh.total).toBe(20);
    expect(fresh.shown.map(({ path }) => path)).toEqual(
      [19, 18, 17, 16, 15].map((index) => `containers[name=c${index}]`),
    );
  });
});

describe("what is fixed", () => {
  test("counts what went in the period and was there before it", () => {
    const changes = [
      change("Fixed", recent),
      change("Gone", "2026-11-17T08:00:00Z", { path: "other" }),
      change("Fixed", older, { path: "too-early" }),
    ];
    const { verdict, fixed, passed } = digestOf({ reports: [report({ changes })] });

    expect({ fixed: verdict.fixed, fixedAtLeast: verdict.fixedAtLeast, passed }).toEqual({
      fixed: 2,
      fixedAtLeast: false,
      passed: 0,
    });
    expect(fixed.unattributed).toBe(0);
  });

  test("counts what came and went within the period apart", () => {
    const changes = [change("Gone", recent), change("New", "2026-11-17T08:00:00Z")];
    const { verdict, passed } = digestOf({ reports: [report({ changes })] });

    expect([verdict.new, verdict.fixed, passed]).toEqual([0, 0, 1]);
  });

  test("does not count what is there again, as what returns before settle does without a change", () => {
    const violating = [resource(checkout, [row("memory-limit")])];
    const { verdict } = digestOf({ reports: [report({ violating, changes: [change("Fixed", recent)] })] });

    expect(verdict).toMatchObject({ fixed: 0, new: 0, open: 1 });
  });

  test("does not count what is there again behind a filter that does not show it", () => {
    const violating = [resource(checkout, [row("memory-limit")])];
    const reports = [report({ violating, changes: [change("Fixed", recent)] })];

    expect(digestOf({ reports }, { filter: { states: ["Fixed"] } }).verdict).toMatchObject({ fixed: 0, open: 0 });
  });

  test("counts what was fixed, came back as New and is there as new", () => {
    const violating = [resource(checkout, [row("memory-limit", { state: "New", since: recent })])];
    const changes = [change("New", recent), change("Fixed", "2026-11-17T08:00:00Z")];
    const { verdict } = digestOf({ reports: [report({ violating, changes })] });

    expect(verdict).toMatchObject({ fixed: 0, new: 1 });
  });

  test("counts what two policies call fixed once", () => {
    const changes = [change("Fixed", recent)];
    const { verdict } = digestOf({ reports: [report({ changes }), report({ policy: "strict", changes })] });

    expect(verdict.fixed).toBe(1);
  });

  test("gives credit to the team that its change names, also where nothing else of it is violated", () => {
    const { fixed } = digestOf({ reports: [report({ changes: [change("Fixed", recent, { owner: "payments" })] })] });

    expect(fixed.credit.shown).toEqual([{ owner: "payments", fixed: 1 }]);
  });

  test("gives credit for changes that name nobody by the resource's other violations", () => {
    const violating = [resource(checkout, [row("no-latest-tag")], { owner: "payments" })];
    const changes = [change("Fixed", recent, { count: 2 }), change("Fixed", recent, { ref: "Pod/other" })];
    const { fixed } = digestOf({ reports: [report({ violating, changes })] });

    expect(fixed.credit.shown).toEqual([
      { owner: "payments", fixed: 2 },
      { owner: "unowned", fixed: 1 },
    ]);
  });

  test("takes the days' totals where the period is longer than changes are kept, and names nobody for them", () => {
    const history = [
      day("2026-10-20", { known: 9, fixed: 1 }),
      day("2026-10-30", { known: 5, fixed: 5, found: 2, gone: 2 }),
      day("2026-11-18", { known: 4, fixed: 6, gone: 1 }),
    ];
    const changes = [change("Fixed", recent), change("Gone", recent, { path: "other" })];
    const { verdict, fixed } = digestOf(
      { reports: [report({ changes, history, fixed: 6 })] },
      { since: Date.parse("2026-10-25T00:00:00Z") },
    );

    expect(verdict).toMatchObject({ fixed: 6, fixedAtLeast: true });
    expect(fixed.unattributed).toBe(4);
  });

  test("says that there may be more where a report left changes out", () => {
    const reports = [report({ changes: [change("Fixed", recent)], over: { changesDropped: 7 } })];
    const { verdict, changesDropped } = digestOf({ reports });

    expect(verdict).toMatchObject({ fixed: 1, fixedAtLeast: true });
    expect(verdict.text).toContain("at least 1 fixed");
    expect(changesDropped).toBe(7);
  });
});

describe("filters", () => {
  const violating = [
    resource(checkout, [row("memory-limit"), row("priority-class")], { owner: "payments", source: "argocd:shop" }),
    resource("Pod/debug", [row("no-privileged", { state: "New", since: recent })]),
  ];
  const reports = [
    report({ violating }),
    report({ violating, namespace: "search" }),
    report({ violating, policy: "strict" }),
  ];

  test.each([
    [{}, 6],
    [{ policies: ["strict"] }, 3],
    [{ namespaces: { include: ["se*"] } }, 3],
    [{ namespaces: { exclude: ["se*"] } }, 3],
    [{ owners: { include: ["pay*"] } }, 4],
    [{ owners: { include: ["unowned"] } }, 2],
    [{ sources: { include: ["argocd:*"] } }, 4],
    [{ sources: { exclude: ["argocd:*"] } }, 2],
    [{ minimumSeverity: "High" as const }, 4],
    [{ states: ["New" as const] }, 2],
    [{ owners: { include: ["payments"] }, minimumSeverity: "High" as const }, 2],
  ])("%j selects %i of 6", (filter, open) => {
    expect(digestOf({ reports }, { filter }).verdict.open).toBe(open);
  });

  test("of owners and sources leave grades out, because nobody says what else they have", () => {
    expect(digestOf({ reports }, { filter: { owners: { include: ["payments"] } } }).verdict).not.toHaveProperty(
      "gradeAfter",
    );
    expect(digestOf({ reports }, { filter: { minimumSeverity: "High" } }).verdict.gradeAfter).toBe("D");
  });

  test("are told in words", () => {
    const filter = {
      policies: ["strict"],
      owners: { include: ["b", "a"], exclude: ["c"] },
      minimumSeverity: "High",
    } as const;

    expect(digestOf({ reports }, { filter }).scope.filter).toEqual([
      "policies strict",
      "owners a, b but c",
      "severity High and worse",
    ]);
  });
});

describe("reports in parts", () => {
  const whole = (parts: number) => report({ over: { parts, partBits: 1 } });
  const one = [resource(checkout, [row("memory-limit")])];
  const other = [resource("Pod/debug", [row("no-privileged")])];

  test("are read whole, in any order of the parts", () => {
    const digests = [
      [part(0, one), part(1, other)],
      [part(1, other), part(0, one)],
    ].map((parts) => digestOf({ reports: [whole(2)], parts }));

    expect(digests[0]?.verdict.open).toBe(2);
    expect(digests[0]).toEqual(digests[1]);
  });

  test("tell how many parts are missing, and that they are incomplete", () => {
    const { health, verdict } = digestOf({ reports: [whole(2)], parts: [part(1, other)] });

    expect(health.missingParts).toBe(1);
    expect(verdict).toMatchObject({ open: 1, text: "prod-eu: 0 new, 0 fixed, grade A, 1 critical, incomplete" });
  });

  test("take no part of another k, twice, or of a report that is not there", () => {
    const parts = [
      part(0, one),
      part(0, one),
      part(1, other, { k: 2 }),
      part(1, other, { metadata: { name: "p", namespace: "x" } }),
    ];

    expect(digestOf({ reports: [whole(2)], parts })).toMatchObject({
      verdict: { open: 1 },
      health: { missingParts: 1 },
    });
  });
});

describe("grades", () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => resource(`Pod/p${index}`, [row("memory-limit")]));

  test("go from what the day before the period ended with to what is there now", () => {
    const history = [
      day("2026-11-10", { known: 8, high: 8, score: 60 }),
      day("2026-11-17", { known: 4, high: 4, score: 80 }),
    ];
    const { verdict, trend } = digestOf({ reports: [report({ violating: rows(4), history })] });

    expect(trend[0]).toMatchObject({ gradeBefore: "C", gradeAfter: "B", score: 80 });
    expect(verdict.text).toBe("prod-eu: 0 new, 0 fixed, grade C → B");
  });

  test("are the same before and after where nothing changed, although days hold rounded scores", () => {
    const history = [day("2026-11-10", { resources: 3, known: 1, high: 1, score: 83 })];
    const reports = ["a", "b", "c"].map((namespace) =>
      report({ namespace, resources: 3, violating: rows(1), history }),
    );

    expect(digestOf({ reports }).trend[0]).toMatchObject({ gradeBefore: "B", gradeAfter: "B", score: 83 });
  });

  test("know nothing of before where the baseline is younger than the period", () => {
    const history = [day("2026-11-18", { known: 4, high: 4, score: 80 })];
    const { verdict } = digestOf({
      reports: [report({ violating: rows(4), history, over: { baselineTakenAt: recent } })],
    });

    expect(verdict).not.toHaveProperty("gradeBefore");
    expect(verdict.text).toBe("prod-eu: 0 new, 0 fixed, grade B");
  });

  test("are D at best with a New Critical, before as after", () => {
    const critical = (at: string) => [resource("Pod/p", [row("no-privileged", { state: "New", since: at })])];
    const history = [day("2026-11-10", { score: 90 })];
    const gradesSince = (at: string) => digestOf({ reports: [report({ violating: critical(at), history })] }).verdict;

    expect(gradesSince(recent)).toMatchObject({ gradeBefore: "A", gradeAfter: "D" });
    expect(gradesSince(older)).toMatchObject({ gradeBefore: "D", gradeAfter: "D" });
  });

  test("are those of the worst policy", () => {
    const reports = [report({ violating: rows(4) }), report({ policy: "strict", resources: 4, violating: rows(4) })];

    expect(digestOf({ reports }).verdict.gradeAfter).toBe("C");
  });
});

test("the trend carries the last entry over days without one, and starts with the first", () => {
  const history = [
    day("2026-11-20", { known: 5, high: 2, resources: 10 }),
    day("2026-11-22", { known: 3, high: 1, resources: 12 }),
  ];
  const { trend } = digestOf({
    reports: [report({ history, resources: 12, violating: [resource(checkout, [row("memory-limit")])] })],
  });

  expect(trend[0]?.days.map(({ date, open, per100, seriousPer100 }) => [date, open, per100, seriousPer100])).toEqual([
    ["2026-11-20", 5, 50, 20],
    ["2026-11-21", 5, 50, 20],
    ["2026-11-22", 3, 25, 8.3],
    ["2026-11-23", 1, 8.3, 8.3],
  ]);
});

describe("rules that were adopted in the period", () => {
  test("are those with Known rows that are younger than the baseline", () => {
    const rows = [row("memory-limit", { since: recent, count: 2 }), row("no-latest-tag")];
    const { ruleChanges } = digestOf({ reports: [report({ violating: [resource(checkout, rows)] })] });

    expect(ruleChanges).toMatchObject({
      total: 1,
      shown: [{ rule: { id: "memory-limit" }, policy: "production", violations: 2, on: "2026-11-18" }],
    });
  });

  test("are not what a person accepted, what moved, and what came with the baseline", () => {
    const rows = [
      row("memory-limit", { since: recent }),
      row("no-latest-tag", { since: recent, moved: true }),
      row("priority-class", { since: takenAt }),
    ];
    const changes = [change("Known", recent, { reason: "Accepted" })];
    const { ruleChanges } = digestOf({ reports: [report({ violating: [resource(checkout, rows)], changes })] });

    expect(ruleChanges.total).toBe(0);
  });
});

describe("who and what to look at", () => {
  const owned = (ref: string, owner: string, source: string, ...rows: ReturnType<typeof row>[]) =>
    resource(ref, rows, { owner, source });
  const fresh = (path: string) => row("memory-limit", { path, state: "New", since: recent });

  test("are the teams with most new ones and those with the oldest Critical", () => {
    const violating = [
      owned("Pod/a", "search", "helm:web", fresh("a"), fresh("b")),
      owned("Pod/b", "payments", "helm:web", fresh("a"), row("no-privileged", { since: older })),
      owned("Pod/c", "platform", "helm:web", row("no-privileged")),
    ];
    const { offenders } = digestOf({ reports: [report({ violating })] });

    expect(offenders.by).toBe("owner");
    expect(offenders.byNew).toEqual([
      { name: "search", new: 2, open: 2 },
      { name: "payments", new: 1, open: 2 },
    ]);
    expect(offenders.oldestCritical.map(({ name, days, critical }) => [name, days, critical])).toEqual([
      ["platform", 49, 1],
      ["payments", 21, 1],
    ]);
  });

  test("are namespaces where nothing has an owner", () => {
    const violating = [resource("Pod/a", [fresh("a")])];

    expect(digestOf({ reports: [report({ violating })] }).offenders).toMatchObject({
      by: "namespace",
      byNew: [{ name: "shop", new: 1, open: 1 }],
    });
  });

  test("is the rule in a common source that closes most", () => {
    const violating = [
      owned("Pod/a", "a", "helm:web", row("memory-limit"), row("priority-class", { count: 9 })),
      owned("Pod/b", "b", "helm:web", row("memory-limit", { count: 2 })),
      owned("Pod/c", "c", "helm:other", row("memory-limit"), row("memory-limit", { path: "b", count: 9 })),
    ];

    expect(digestOf({ reports: [report({ violating })] }).win).toMatchObject({
      source: "helm:web",
      rule: { id: "memory-limit", title: "Memory limit", severity: "High" },
      violations: 3,
      resources: 2,
    });
  });
});

describe("health", () => {
  test("names holes, failing, unverified and inactive rules, and what has no owner", () => {
    const hole = { kind: "Pod", reason: "Forbidden", message: "grant it", since: recent };
    const status = {
      coverage: { percent: 88, holes: [hole] },
      inactiveRules: [{ rule: "secret-exists", reason: "NeedsSecretMetadata" }],
    };
    const over = { unverified: ["Pod"], problems: [{ rule: "min-replicas", resource: checkout, reason: "boom" }] };
    const violating = [
      resource(checkout, [row("memory-limit")]),
      resource("Pod/b", [row("memory-limit", { count: 2 })], { owner: "x" }),
    ];
    const { health, verdict } = digestOf({
      policies: [policy("production", status), policy("strict", status)],
      reports: [report({ violating, over })],
    });

    expect(health).toMatchObject({
      holes: { total: 1, shown: [{ kind: "Pod", policies: ["production", "strict"] }] },
      erring: { total: 1, shown: [{ rule: "min-replicas", resources: 1, reason: "boom" }] },
      unverified: { total: 1, shown: ["Pod"] },
      inactive: { total: 1, shown: [{ rule: "secret-exists", policies: ["production", "strict"] }] },
      unowned: 1,
      unownedPercent: 33,
    });
    expect(verdict.text).toBe("prod-eu: 0 new, 0 fixed, grade A, coverage 88 %");
  });

  test("tells of a policy that is not ready, was never scanned, or is not there", () => {
    const conditions = [
      {
        type: "Ready",
        status: "False",
        lastTransitionTime: takenAt,
        reason: "UnknownPack",
        message: "spec.rules.packs[0]",
      } as const,
    ];
    const { health } = digestOf({
      policies: [{ name: "new", status: { conditions }, severities: new Map() }],
      reports: [],
    });

    expect(health.coverage).toEqual([{ policy: "new", notReady: "spec.rules.packs[0]" }]);
    expect(digestOf({ reports: [] }).verdict.text).toBe("prod-eu: no policy was found");
  });

  test("counts what a report does not list of one resource, once for all policies", () => {
    const violating = [{ ...resource(checkout, [row("memory-limit")]), more: 30 }];
    const { health } = digestOf({ reports: [report({ violating }), report({ policy: "strict", violating })] });

    expect(health.unlisted).toBe(30);
  });
});

test("the severity of what is gone comes from the policy's override, else from the catalogue", () => {
  const changes = [change("Fixed", recent)];
  const empty = report({ changes, rules: {} });
  const fixedFrom = (severities: object, minimumSeverity: "Critical" | "High") =>
    digestOf({ policies: [policy("production", {}, severities)], reports: [empty] }, { filter: { minimumSeverity } })
      .verdict.fixed;

  expect(fixedFrom({}, "High")).toBe(1);
  expect(fixedFrom({}, "Critical")).toBe(0);
  expect(fixedFrom({ "memory-limit": "Critical" }, "Critical")).toBe(1);
});

test("the same objects give the same digest in any order", () => {
  const violating = [resource(checkout, [row("memory-limit", { state: "New", since: recent })])];
  const reports = ["a", "b"].flatMap((namespace) =>
    ["p", "q"].map((name) => report({ namespace, policy: name, violating })),
  );
  const bytes = [reports, reports.toReversed()].map((list) => JSON.stringify(digestOf({ reports: list })));

  expect(bytes[0]).toBe(bytes[1]);
});

test("times stand in the time zone that is asked for, also across its change of clocks", () => {
  const { period } = digestOf(
    { reports: [] },
    { since: Date.parse("2026-10-23T07:00:00Z"), until: Date.parse("2026-10-30T08:00:00Z") },
  );

  expect(period.text).toBe("Fri 23 Oct 2026, 09:00 to Fri 30 Oct 2026, 09:00 (Europe/Berlin)");
  expect([since, now].map((at) => new Date(at).toISOString())).toEqual([
    "2026-11-16T08:00:00.000Z",
    "2026-11-23T08:00:00.000Z",
  ]);
});
