import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/engine/compile-policy.ts";
import { ledgerPolicy } from "../../src/engine/compiled-policy.ts";
import { memoryLimit, noEmptySelector } from "./sample-rules.ts";
import { type PolicyOptions, policyOf, registry, release } from "./samples.ts";

function problemsOf(spec: unknown): readonly string[] {
  const result = compilePolicy({ metadata: { name: "production" }, spec }, registry, { release });
  return result.ok ? [] : result.problems.map(({ field, message, reason }) => `${reason} ${field}: ${message}`);
}

function idsOf(rules: Readonly<Record<string, unknown>>, options?: PolicyOptions): readonly string[] {
  return policyOf({ rules }, options).rules.map(({ id }) => id);
}

describe("a policy with a mistake", () => {
  it.each([
    [
      "an unknown pack",
      { rules: { packs: ["recomended"] } },
      'UnknownPack spec.rules.packs[0]: no pack is called "recomended"; did you mean "recommended"?',
    ],
    [
      "a release that does not exist",
      { rules: { packs: ["strict", "pss-baseline@1.99"] } },
      'InvalidSpec spec.rules.packs[1]: "1.99" is not a release from 1.0 to 1.37',
    ],
    [
      "an unknown rule to disable",
      { rules: { disable: ["memory-limt"] } },
      'UnknownRule spec.rules.disable[0]: no rule is called "memory-limt"; did you mean "memory-limit"?',
    ],
    [
      "an unknown rule to tune",
      { rules: { override: [{ id: "cpu-limitt", severity: "Low" }] } },
      'UnknownRule spec.rules.override[0].id: no rule is called "cpu-limitt"; did you mean "cpu-limit"?',
    ],
    [
      "an unknown rule like no other",
      { rules: { disable: ["x"] } },
      'UnknownRule spec.rules.disable[0]: no rule is called "x"',
    ],
    [
      "a misspelt parameter",
      { rules: { override: [{ id: "memory-limit", params: { maxx: "1Gi" } }] } },
      'InvalidParams spec.rules.override[0].params.maxx: is not a parameter of the rule; did you mean "max"?',
    ],
    [
      "a parameter that the rule does not have",
      { rules: { override: [{ id: "memory-limit", params: { depth: 1 } }] } },
      "InvalidParams spec.rules.override[0].params.depth: is not a parameter of the rule; the rule takes max",
    ],
    [
      "a parameter for a rule without any",
      { rules: { override: [{ id: "no-host-network", params: { a: 1 } }] } },
      "InvalidParams spec.rules.override[0].params.a: is not a parameter of the rule; the rule takes none",
    ],
    [
      "a parameter of the wrong type",
      { rules: { override: [{ id: "allowed-registries", params: { registries: "a.example" } }] } },
      'InvalidParams spec.rules.override[0].params.registries: must be a list, not "a.example"',
    ],
    [
      "a wrong value inside a parameter",
      { rules: { override: [{ id: "allowed-registries", params: { registries: ["a.example", 7] } }] } },
      "InvalidParams spec.rules.override[0].params.registries[1]: must be a string, not 7",
    ],
    [
      "a parameter that is missing",
      { rules: { override: [{ id: "allowed-registries", severity: "High" }] } },
      "InvalidParams spec.rules.override[0].params.registries: is required: add it",
    ],
    [
      "a time zone that does not exist",
      { scan: { timeZone: "Europe/Atlantis" } },
      "InvalidTimeZone spec.scan.timeZone",
    ],
    ["a schedule that does not parse", { scan: { schedule: "61 * * * *" } }, "InvalidSchedule spec.scan.schedule"],
    ["a schedule that is never due", { scan: { schedule: "0 0 30 2 *" } }, "InvalidSchedule spec.scan.schedule"],
    ["a settle that is too long", { baseline: { settle: "721h" } }, "InvalidSpec spec.baseline.settle"],
    ["a settle without unit", { baseline: { settle: "24" } }, "InvalidSpec spec.baseline.settle"],
    ["an unknown field", { match: { namespace: "shop" } }, "InvalidSpec spec.match.namespace"],
    [
      "a glob that no namespace can match",
      { match: { namespaces: { include: ["Shop"] } } },
      "InvalidSpec spec.match.namespaces.include[0]",
    ],
    [
      "a selector without values",
      { match: { objectSelector: { matchExpressions: [{ key: "a", operator: "In" }] } } },
      "InvalidSpec spec.match.objectSelector.matchExpressions[0]",
    ],
    [
      "a kind that is never watched",
      { match: { kinds: ["Lease.coordination.k8s.io"] } },
      "InvalidSpec spec.match.kinds[0]: Lease.coordination.k8s.io is never watched: remove it",
    ],
    [
      "our own kinds",
      { match: { kinds: ["*.pawl.dev"] } },
      "InvalidSpec spec.match.kinds[0]: *.pawl.dev is never watched: remove it",
    ],
    [
      "a kind without its group",
      { match: { kinds: ["Deployment"] } },
      "InvalidSpec spec.match.kinds[0]: Deployment alone is a kind of the core group: write Deployment.apps",
    ],
    ["a spec that is no map", "strict", "InvalidSpec spec"],
  ])("is named by field: %s", (_, spec, problem) => {
    const problems = problemsOf(spec);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(problem), problems[0]).toBe(true);
  });

  it("names both rules of a contradiction and where they come from", () => {
    expect(problemsOf({ rules: { packs: ["nsa", "eks"] } })).toEqual([
      "ContradictoryRules spec.rules: cpu-limit (from spec.rules.packs[0]) and no-cpu-limit (from spec.rules.packs[1]) " +
        "contradict each other: name one of them in spec.rules.disable",
    ]);
  });

  it("is told of a contradiction that an override brings in", () => {
    const rules = { packs: ["nsa"], override: [{ id: "no-cpu-limit", severity: "High" }] };
    expect(problemsOf({ rules })).toEqual([expect.stringContaining("no-cpu-limit (from spec.rules.override[0])")]);
  });

  it("is told of all mistakes at once", () => {
    const rules = { packs: ["recomended"], disable: ["nothing-like-it"] };
    expect(problemsOf({ rules, match: { kinds: ["Event"] } })).toEqual([
      expect.stringContaining("spec.rules.packs[0]"),
      expect.stringContaining("spec.rules.disable[0]"),
      expect.stringContaining("spec.match.kinds[0]"),
    ]);
  });

  it("is told of a parameter once, however many packs bring the rule", () => {
    const rules = { packs: ["recommended", "strict"], override: [{ id: "memory-limit", params: { max: "much" } }] };
    expect(problemsOf({ rules })).toEqual([expect.stringContaining("spec.rules.override[0].params.max")]);
  });
});

describe("the rules of a policy", () => {
  it("are those of its packs, sorted", () => {
    expect(idsOf({ packs: ["network", "recommended"] })).toEqual([
      "memory-limit",
      "no-empty-selector",
      "service-target",
    ]);
  });

  it("are those of recommended without any other word", () => {
    expect(policyOf({}).rules.map(({ id }) => id)).toEqual(["memory-limit"]);
  });

  it("are not those that are disabled", () => {
    expect(idsOf({ packs: ["network", "recommended"], disable: ["memory-limit"] })).not.toContain("memory-limit");
  });

  it("are enabled by an override as well", () => {
    const override = [{ id: "allowed-registries", params: { registries: ["registry.example.com"] } }];
    expect(idsOf({ packs: ["cis"], override })).toEqual(["allowed-registries"]);
  });

  it("no longer contradict each other once one of them is disabled", () => {
    expect(idsOf({ packs: ["nsa", "eks"], disable: ["cpu-limit"] })).toEqual(["no-cpu-limit"]);
  });

  it("run once per distinct set of parameters", () => {
    const [rule] = policyOf({ rules: { packs: ["recommended", "strict"] } }).rules;
    expect(rule?.sets.map(({ params }) => params)).toEqual(expect.arrayContaining([{}, { max: "4Gi" }]));
    expect(rule?.sets).toHaveLength(2);
  });

  it("have an override laid over every set, which may make them one", () => {
    const rules = { packs: ["recommended", "strict"], override: [{ id: "memory-limit", params: { max: "2Gi" } }] };
    expect(policyOf({ rules }).rules[0]?.sets.map(({ params }) => params)).toEqual([{ max: "2Gi" }]);
  });

  it("take severity and texts from the override", () => {
    const override = [
      { id: "memory-limit", severity: "Low", message: "Set it", helpUrl: "https://handbook.example.com" },
    ];
    expect(policyOf({ rules: { override } }).rules[0]).toMatchObject({
      severity: "Low",
      message: "Set it",
      helpUrl: "https://handbook.example.com",
    });
  });

  it("have the same hash of parameters whatever order the packs come in", () => {
    const [a, b] = [
      ["recommended", "strict"],
      ["strict", "recommended"],
    ].map((packs) => policyOf({ rules: { packs } }));
    expect(a?.rules[0]?.paramsHash).toBe(b?.rules[0]?.paramsHash);
  });

  it("have another hash with other parameters", () => {
    const [a, b] = ["recommended", "strict"].map((pack) => policyOf({ rules: { packs: [pack] } }));
    const hash = (policy: typeof a) => policy?.rules.find(({ id }) => id === "memory-limit")?.paramsHash;
    expect(hash(a)).not.toBe(hash(b));
  });
});

describe("rules that cannot run on a cluster", () => {
  it("are inactive where Secrets may not be listed", () => {
    const policy = policyOf({ rules: { packs: ["secrets"] } });
    expect(policy.inactiveRules).toEqual([{ rule: "no-token-secret", reason: "NeedsSecretMetadata" }]);
    expect([policy.rules, policy.judges("Secret")]).toEqual([[], false]);
  });

  it("run where Secrets may be listed", () => {
    const policy = policyOf({ rules: { packs: ["secrets"] } }, { secretMetadata: true });
    expect([policy.inactiveRules, policy.rules.length, policy.judges("Secret")]).toEqual([[], 1, true]);
  });

  it("are inactive if they judge manifests only", () => {
    expect(policyOf({ rules: { packs: ["argo"] } }).inactiveRules).toEqual([
      { rule: "replicas-written", reason: "ManifestsOnly" },
    ]);
  });

  it("run on manifests", () => {
    expect(idsOf({ packs: ["argo"] }, { manifests: true })).toEqual(["replicas-written"]);
  });
});

describe("the scope of a policy", () => {
  it("is the kinds that its rules name", () => {
    const policy = policyOf({ rules: { packs: ["network"] } });
    expect(
      ["Service", "NetworkPolicy.networking.k8s.io", "Deployment.apps"].map((kind) => policy.judges(kind)),
    ).toEqual([true, true, false]);
  });

  it("has every workload kind for a rule about workloads", () => {
    const policy = policyOf({});
    expect(["Pod", "CronJob.batch", "Rollout.argoproj.io", "Service"].map((kind) => policy.judges(kind))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("holds what is never watched for manifests alone", () => {
    const slices = { ...noEmptySelector, kinds: ["Endpoints", "EndpointSlice.discovery.k8s.io"] };
    const [cluster, manifests] = [false, true].map((given) =>
      policyOf({ rules: { packs: ["network"] } }, { rules: [slices], manifests: given }),
    );
    expect(cluster?.kinds).toEqual(["Endpoints"]);
    expect(cluster?.judges("EndpointSlice.discovery.k8s.io")).toBe(false);
    expect(manifests?.judges("EndpointSlice.discovery.k8s.io")).toBe(true);
    expect(manifests?.judges("Lease.coordination.k8s.io")).toBe(false);
  });

  it("leaves out Jobs for a rule about what keeps running", () => {
    const policy = policyOf({ rules: { packs: ["reliability"] } });
    expect(["StatefulSet.apps", "Job.batch"].map((kind) => policy.judges(kind))).toEqual([true, false]);
  });

  it("grows by match.kinds, which only rules for any kind look at", () => {
    const override = [{ id: "owner-label", severity: "Low" }];
    const policy = policyOf({ match: { kinds: ["*.example.com"] }, rules: { override } });
    expect(policy.rulesFor("Widget.example.com").map(({ id }) => id)).toEqual(["owner-label"]);
  });

  it("has no further kind for a rule for any kind: never the whole API", () => {
    const policy = policyOf({ rules: { packs: ["network"], override: [{ id: "owner-label", severity: "Low" }] } });
    expect(policy.rulesFor("Service").map(({ id }) => id)).toEqual(["owner-label", "service-target"]);
    expect([policy.judges("Widget.example.com"), policy.rulesFor("Widget.example.com")]).toEqual([false, []]);
  });

  it("takes manifests of kinds that no cluster is watched for", () => {
    const match = { kinds: ["EndpointSlice.discovery.k8s.io"] };
    expect(problemsOf({ match })).toHaveLength(1);
    expect(policyOf({ match }, { manifests: true }).judges("EndpointSlice.discovery.k8s.io")).toBe(true);
  });

  it("tells apart what is judged and what is only read", () => {
    const policy = policyOf({ rules: { packs: ["rbac"] } });
    expect([policy.reads, policy.judges("ServiceAccount")]).toEqual([["ServiceAccount"], false]);
  });
});

describe("the key of verdicts", () => {
  const key = (spec: Readonly<Record<string, unknown>>, options?: PolicyOptions) => policyOf(spec, options).verdictKey;

  it.each([
    ["the description", { description: "What production must look like" }],
    ["the schedule", { scan: { schedule: "5 * * * *" } }],
    ["settle", { baseline: { settle: "1h" } }],
    ["a text", { rules: { override: [{ id: "memory-limit", message: "Set it" }] } }],
    ["a default that is spelled out", { match: { clusterResources: "Auto" }, rules: { packs: ["recommended"] } }],
  ])("stays the same when an edit changes only %s", (_, spec) => {
    expect(key(spec)).toBe(key({}));
  });

  it.each([
    ["the match", { match: { namespaces: { include: ["shop"] } } }],
    ["a severity", { rules: { override: [{ id: "memory-limit", severity: "Low" }] } }],
    ["a parameter", { rules: { override: [{ id: "memory-limit", params: { max: "1Gi" } }] } }],
    ["the rules", { rules: { packs: ["recommended", "network"] } }],
  ])("changes with %s", (_, spec) => {
    expect(key(spec)).not.toBe(key({}));
  });

  it("changes with the name, so that two policies never share verdicts", () => {
    expect(key({}, { name: "other" })).not.toBe(key({}));
  });

  it("changes with the revision of a rule", () => {
    const [before, after] = [1, 2].map((revision) => key({}, { rules: [{ ...memoryLimit, revision }] }));
    expect(before).not.toBe(after);
  });

  it("changes with the release", () => {
    expect(key({}, { release: { major: 1, minor: 35 } })).not.toBe(key({}));
  });
});

describe("a compiled policy", () => {
  it("has its settings with defaults", () => {
    const { baseline, scan, clusterResources } = policyOf({});
    expect(baseline).toEqual({ mode: "Ratchet", settleMs: 86_400_000, newNamespaces: "Empty" });
    expect(scan).toMatchObject({ continuous: true, timeZone: "Etc/UTC", suspend: false });
    expect(scan.schedule.expression).toBe("0 * * * *");
    expect(clusterResources).toBe(true);
  });

  it("reads settle in milliseconds", () => {
    expect(policyOf({ baseline: { settle: "1h30m" } }).baseline.settleMs).toBe(5_400_000);
  });

  it("tells its ledgers of every rule by id, revision, hash, severity and scope", () => {
    const override = [{ id: "memory-limit", severity: "Low", message: "Set it" }];
    const policy = policyOf({ rules: { override } });
    expect(ledgerPolicy(policy, 17)).toEqual({
      name: "production",
      uid: "uid-of-production",
      mode: "Ratchet",
      settleMs: 86_400_000,
      newNamespaces: "Empty",
      match: { clusterResources: "Auto" },
      baselineTakenAt: 17,
      rules: new Map([
        [
          "memory-limit",
          {
            revision: 1,
            params: policy.rules[0]?.paramsHash,
            severity: "Low",
            title: "Memory limit",
            message: "Set it",
            scope: "resource",
          },
        ],
      ]),
    });
  });

  it("compiles again from its own spec to the same", () => {
    const rules = { packs: ["network", "strict"], override: [{ id: "memory-limit", params: { max: "1Gi" } }] };
    const policy = policyOf({ rules, match: { kinds: ["*.example.com"] } });
    const again = policyOf({ ...policy.spec });
    expect([again.verdictKey, again.spec]).toEqual([policy.verdictKey, policy.spec]);
  });
});
