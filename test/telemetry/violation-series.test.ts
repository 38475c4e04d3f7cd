import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash53 } from "../../src/engine/values/hash.ts";
import type { OwnedViolation } from "../../src/telemetry/owner-counts.ts";
import { type RuleViolationCount, type ViolationCount, ViolationSeries } from "../../src/telemetry/violation-series.ts";
import { parseExposition, type Sample } from "./parse-exposition.ts";

const severities = ["Critical", "High", "Medium", "Low"] as const;
const states = ["New", "Known"] as const;

function leading(cap?: number): ViolationSeries {
  const series = new ViolationSeries(cap === undefined ? {} : { cap });
  series.setLeader(true);
  return series;
}

function samplesOf(series: ViolationSeries): Sample[] {
  return parseExposition([...series.exposition()].join(""));
}

/** `production/shop new high: 2`, without the zeros. */
function told(series: ViolationSeries): string[] {
  return samplesOf(series)
    .filter(({ value }) => value !== 0)
    .map(
      ({ labels, value }) =>
        `${labels.owner === undefined ? `${labels.policy}/${labels.namespace ?? `rule ${labels.rule}`}` : `owner ${labels.owner}`} ${labels.state} ${labels.severity}: ${value}`,
    );
}

/** As many violations of one owner as are New and Known, each another one. */
function owned(owner: string, severity: OwnedViolation["severity"], news: number, knowns = 0): OwnedViolation[] {
  const one = (at: number): OwnedViolation => ({
    fingerprint: hash53(`${owner} ${severity} ${at}`),
    owner,
    severity,
    new: at < news ? 1 : 0,
    known: at < news ? 0 : 1,
  });
  return Array.from({ length: news + knowns }, (_, at) => one(at));
}

const oneKnown: readonly ViolationCount[] = [{ severity: "Low", state: "Known", count: 1 }];
const oneNew: readonly ViolationCount[] = [{ severity: "Low", state: "New", count: 1 }];
const oneCritical: readonly ViolationCount[] = [{ severity: "Critical", state: "Known", count: 1 }];

describe("the violation series", () => {
  it("tell each namespace of a policy by severity and state, zeros included", () => {
    const series = leading();
    series.set("production", "shop", [
      { severity: "High", state: "New", count: 2 },
      { severity: "Low", state: "Known", count: 7 },
    ]);
    expect(
      [...series.exposition()].join(""),
    ).toBe(`# HELP pawl_violations Violations now, by policy and namespace; namespace is empty for cluster-scoped resources.
# TYPE pawl_violations gauge
pawl_violations{policy="production",namespace="shop",severity="critical",state="new"} 0
pawl_violations{policy="production",namespace="shop",severity="high",state="new"} 2
pawl_violations{policy="production",namespace="shop",severity="medium",state="new"} 0
pawl_violations{policy="production",namespace="shop",severity="low",state="new"} 0
pawl_violations{policy="production",namespace="shop",severity="critical",state="known"} 0
pawl_violations{policy="production",namespace="shop",severity="high",state="known"} 0
pawl_violations{policy="production",namespace="shop",severity="medium",state="known"} 0
pawl_violations{policy="production",namespace="shop",severity="low",state="known"} 7
# HELP pawl_rule_violations Violations now, by policy and rule; only rules that have any.
# TYPE pawl_rule_violations gauge
# HELP pawl_owner_violations Violations now, by owning team; counted once over all policies, only owners that have any.
# TYPE pawl_owner_violations gauge
`);
  });

  it("tell rules only where they have violations", () => {
    const series = leading();
    series.setRules("production", [
      { rule: "memory-limit", severity: "High", state: "New", count: 3 },
      { rule: "memory-limit", severity: "High", state: "Known", count: 0 },
    ]);
    expect(samplesOf(series)).toEqual([
      {
        name: "pawl_rule_violations",
        labels: { policy: "production", rule: "memory-limit", severity: "high", state: "new" },
        value: 3,
      },
    ]);
  });

  it("replace what was told of a namespace and of the rules before", () => {
    const series = leading();
    series.set("production", "shop", oneNew);
    series.setRules("production", [{ rule: "a", severity: "Low", state: "New", count: 1 }]);
    expect(told(series)).toEqual(["production/shop new low: 1", "production/rule a new low: 1"]);
    series.set("production", "shop", oneKnown);
    series.setRules("production", [{ rule: "b", severity: "Low", state: "Known", count: 1 }]);
    expect(told(series)).toEqual(["production/shop known low: 1", "production/rule b known low: 1"]);
  });

  it("tell owners only where they have violations, over all namespaces", () => {
    const series = leading();
    series.setOwned("production", "shop", [...owned("payments", "High", 2, 1), ...owned("search", "Low", 0, 1)]);
    series.setOwned("production", "blog", owned("payments", "High", 1));
    expect(samplesOf(series)).toEqual([
      {
        name: "pawl_owner_violations",
        labels: { owner: "payments", severity: "high", state: "new" },
        value: 3,
      },
      {
        name: "pawl_owner_violations",
        labels: { owner: "payments", severity: "high", state: "known" },
        value: 1,
      },
      {
        name: "pawl_owner_violations",
        labels: { owner: "search", severity: "low", state: "known" },
        value: 1,
      },
    ]);
  });

  it("are gone with their namespace", () => {
    const series = leading();
    for (const namespace of ["shop", "blog"]) {
      series.set("production", namespace, oneNew);
      series.setOwned("production", namespace, owned("payments", "Low", 1));
    }
    series.remove("production", "shop");
    expect(told(series)).toEqual(["production/blog new low: 1", "owner payments new low: 1"]);
  });

  it("are gone with their policy, rules and owners included", () => {
    const series = leading();
    for (const policy of ["production", "staging"]) {
      series.set(policy, "shop", oneNew);
      series.setRules(policy, [{ rule: "a", severity: "Low", state: "New", count: 1 }]);
      series.setOwned(policy, "shop", owned(`${policy} team`, "Low", 1));
    }
    series.remove("production");
    expect(told(series)).toEqual([
      "staging/shop new low: 1",
      "staging/rule a new low: 1",
      "owner staging team new low: 1",
    ]);
  });

  it("are told by the leader only, and at once when it takes over", () => {
    const series = new ViolationSeries({ cap: 24 });
    for (const namespace of ["a", "b", "c", "d"]) series.set("production", namespace, oneNew);
    expect([[...series.exposition()], series.dropped]).toEqual([[], 0]);
    series.setLeader(true);
    expect([told(series).length, series.dropped]).toEqual([3, 16]);
    series.setLeader(false);
    expect([[...series.exposition()], series.dropped]).toEqual([[], 0]);
  });

  it("come sorted, in whatever order they were fed", () => {
    const [one, two] = [leading(), leading()];
    const namespaces = ["shop", "blog", "Zoo", "a-b", "a"];
    for (const namespace of namespaces) one.set("p", namespace, oneNew);
    for (const namespace of namespaces.toReversed()) two.set("p", namespace, oneNew);
    expect([...one.exposition()]).toEqual([...two.exposition()]);
    expect(told(one).map((line) => line.split(" ")[0])).toEqual(["p/Zoo", "p/a", "p/a-b", "p/blog", "p/shop"]);
  });

  it("come in pieces of whole lines, of about 64 KB", () => {
    const series = leading(20_000);
    for (let index = 0; index < 2000; index++) series.set("production", `namespace-${index}`, oneNew);
    const pieces = [...series.exposition()];
    expect(pieces.length).toBeGreaterThan(10);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(64 * 1024);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThan(65 * 1024);
      expect(piece.endsWith("\n")).toBe(true);
    }
    expect(parseExposition(pieces.join(""))).toHaveLength(16_000);
  });

  it("escape what a label may hold", () => {
    const series = leading();
    series.set('a"b', "c\\d\ne", oneNew);
    series.setOwned('a"b', "c", owned('pay"ments\\', "Low", 1));
    expect(samplesOf(series)[0]?.labels).toMatchObject({ policy: 'a"b', namespace: "c\\d\ne" });
    expect(samplesOf(series).at(-1)?.labels).toMatchObject({ owner: 'pay"ments\\' });
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("refuse %d as a count", (count) => {
    expect(() => leading().set("p", "n", [{ severity: "Low", state: "New", count }])).toThrow(RangeError);
    expect(() => leading().setRules("p", [{ rule: "r", severity: "Low", state: "New", count }])).toThrow(RangeError);
  });

  it.each([23, 0, 20.5, Number.NaN])("refuse a cap of %d", (cap) => {
    expect(() => new ViolationSeries({ cap })).toThrow("The series cap must be a whole number of at least 24");
  });
});

describe("the cap on the violation series", () => {
  it("is 2,000 if nothing else is said", () => {
    const series = leading();
    for (let index = 0; index < 251; index++) series.set("p", `n${index}`, oneKnown);
    expect(samplesOf(series)).toHaveLength(2000);
    expect(series.dropped).toBe(2 * 8);
  });

  it("makes rules give way first: what is Known before what is New, then the later names", () => {
    const series = leading(24);
    series.set("p", "shop", oneKnown);
    series.setOwned(
      "p",
      "shop",
      severities.flatMap((severity) => owned("payments", severity, 1, 1)),
    );
    series.setRules(
      "p",
      ["i", "h", "g", "f", "e", "d", "c", "b", "a"].flatMap((rule): RuleViolationCount[] => [
        { rule, severity: "Critical", state: "Known", count: 10 },
        { rule, severity: "Low", state: "New", count: rule === "c" ? 0 : 1 },
      ]),
    );
    expect(told(series)).toEqual([
      "p/shop known low: 1",
      "p/rule _other new low: 2",
      "p/rule _other known critical: 90",
      ...["a", "b", "d", "e", "f", "g"].map((rule) => `p/rule ${rule} new low: 1`),
      ...states.flatMap((state) =>
        severities.map((severity) => `owner payments ${state.toLowerCase()} ${severity.toLowerCase()}: 1`),
      ),
    ]);
    expect(series.dropped).toBe(2 + 9);
  });

  it("makes owners give way once all rules have: what is Known before what is New, then the later names", () => {
    const series = leading(3 * 8 + 2 + 4);
    for (const namespace of ["a", "b", "c"]) series.set("p", namespace, oneKnown);
    series.setRules("p", [
      { rule: "r", severity: "Low", state: "New", count: 1 },
      { rule: "s", severity: "Low", state: "New", count: 1 },
      { rule: "s", severity: "Low", state: "Known", count: 1 },
    ]);
    series.setOwned(
      "p",
      "a",
      ["e", "d", "c", "b", "a"].flatMap((owner) => [...owned(owner, "Low", 2), ...owned(owner, "Critical", 0, 1)]),
    );
    expect(told(series)).toEqual([
      "p/a known low: 1",
      "p/b known low: 1",
      "p/c known low: 1",
      "p/rule _other new low: 2",
      "p/rule _other known low: 1",
      "owner _other new low: 6",
      "owner _other known critical: 5",
      "owner a new low: 2",
      "owner b new low: 2",
    ]);
    expect(series.dropped).toBe(3 + 3 + 5);
  });

  it("makes namespaces without New or Critical give way next, once all rules and owners have", () => {
    const series = leading(8 + 8 + 8 + 2);
    series.set("p", "a", oneKnown);
    series.set("p", "b", oneKnown);
    series.set("p", "y", oneNew);
    series.set("p", "z", oneCritical);
    series.setRules("p", [
      { rule: "r", severity: "Low", state: "Known", count: 1 },
      { rule: "s", severity: "Low", state: "Known", count: 1 },
    ]);
    series.setOwned("p", "a", [...owned("payments", "Low", 0, 1), ...owned("search", "Low", 0, 1)]);
    expect(told(series)).toEqual([
      "p/_other known low: 2",
      "p/y new low: 1",
      "p/z known critical: 1",
      "p/rule _other known low: 2",
      "owner _other known low: 2",
    ]);
    expect(series.dropped).toBe(2 + 2 + 2 * 8);
  });

  it("makes namespaces with New or Critical give way after those without", () => {
    const series = leading(24);
    series.set("p", "a", oneKnown);
    series.set("p", "b", oneNew);
    series.set("p", "c", oneCritical);
    series.set("p", "d", oneCritical);
    expect(told(series)).toEqual([
      "p/_other known critical: 1",
      "p/_other known low: 1",
      "p/b new low: 1",
      "p/c known critical: 1",
    ]);
  });

  it("folds whole policies where even one _other a policy is too much", () => {
    const series = leading(24);
    for (const policy of ["p", "q", "r"]) {
      series.set(policy, "a", oneNew);
      series.set(policy, "b", oneKnown);
      series.setRules(policy, [{ rule: "x", severity: "High", state: "New", count: 5 }]);
      series.setOwned(
        policy,
        "a",
        severities.flatMap((severity) => owned(policy, severity, 1)),
      );
    }
    expect(told(series)).toEqual([
      "_other/_other new low: 2",
      "_other/_other known low: 2",
      "p/_other new low: 1",
      "p/_other known low: 1",
      "_other/rule _other new high: 15",
      ...severities.map((severity) => `owner _other new ${severity.toLowerCase()}: 3`),
    ]);
  });

  const anyCounts: fc.Arbitrary<readonly ViolationCount[]> = fc.array(
    fc.record({ severity: fc.constantFrom(...severities), state: fc.constantFrom(...states), count: fc.nat(1000) }),
    { maxLength: 5 },
  );
  const anyFeed = fc.record({
    cap: fc.integer({ min: 24, max: 150 }),
    namespaces: fc.uniqueArray(
      fc.record({
        policy: fc.constantFrom("p", "q", "r", "s"),
        namespace: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
        counts: anyCounts,
      }),
      {
        selector: ({ policy, namespace }) => `${policy}/${namespace}`,
        maxLength: 32,
      },
    ),
    rules: fc.uniqueArray(
      fc.record({
        policy: fc.constantFrom("p", "q", "r", "s"),
        counts: fc.array(
          fc.record({
            rule: fc.constantFrom("k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v"),
            severity: fc.constantFrom(...severities),
            state: fc.constantFrom(...states),
            count: fc.nat(1000),
          }),
          { maxLength: 30 },
        ),
      }),
      { selector: ({ policy }) => policy, maxLength: 4 },
    ),
    owned: fc.uniqueArray(
      fc.record({
        policy: fc.constantFrom("p", "q"),
        namespace: fc.constantFrom("a", "b", "c"),
        violations: fc.uniqueArray(
          fc.record({
            fingerprint: fc.nat(40),
            owner: fc.constantFrom("unowned", "k", "l", "m", "n", "o", "p"),
            severity: fc.constantFrom(...severities),
            new: fc.nat(3),
            known: fc.nat(3),
          }),
          { selector: ({ fingerprint }) => fingerprint },
        ),
      }),
      { selector: ({ policy, namespace }) => `${policy}/${namespace}`, maxLength: 6 },
    ),
  });
  type Feed = typeof anyFeed extends fc.Arbitrary<infer Value> ? Value : never;

  function feed(series: ViolationSeries, { namespaces, rules, owned: ofOwners }: Feed): ViolationSeries {
    for (const { policy, namespace, counts } of namespaces) series.set(policy, namespace, counts);
    for (const { policy, counts } of rules) series.setRules(policy, counts);
    for (const { policy, namespace, violations } of ofOwners) series.setOwned(policy, namespace, violations);
    return series;
  }

  /** What would be told without a cap, and what is told with it. */
  function bothOf(fed: Feed): { all: Sample[]; capped: Sample[]; dropped: number } {
    const series = feed(leading(fed.cap), fed);
    return { all: samplesOf(feed(leading(1_000_000), fed)), capped: samplesOf(series), dropped: series.dropped };
  }

  function sums(samples: readonly Sample[], ...by: string[]): Record<string, number> {
    const sum: Record<string, number> = {};
    for (const { name, labels, value } of samples) {
      const key = [name, ...by.map((label) => labels[label])].join(" ");
      sum[key] = (sum[key] ?? 0) + value;
    }
    return Object.fromEntries(Object.entries(sum).filter(([, value]) => value !== 0));
  }

  const isOther = ({ labels }: Sample) => Object.values(labels).includes("_other");
  const placeOf = ({ labels }: Sample) => `${labels.policy}/${labels.namespace}`;

  it("is never exceeded, and used but for less than one namespace", () => {
    fc.assert(
      fc.property(anyFeed, (fed) => {
        const { capped, dropped } = bothOf(fed);
        expect(capped.length).toBeLessThanOrEqual(fed.cap);
        if (dropped > 0) expect(capped.length).toBeGreaterThan(fed.cap - 8);
      }),
      { numRuns: 500 },
    );
  });

  it("says how many series gave way", () => {
    fc.assert(
      fc.property(anyFeed, (fed) => {
        const { all, capped, dropped } = bothOf(fed);
        expect(dropped).toBe(all.length - capped.filter((sample) => !isOther(sample)).length);
        expect(dropped === 0).toBe(all.length <= fed.cap);
      }),
      { numRuns: 500 },
    );
  });

  it("preserves the sums, those of each policy too while no policy gave way", () => {
    fc.assert(
      fc.property(anyFeed, (fed) => {
        const { all, capped } = bothOf(fed);
        expect(sums(capped, "severity", "state")).toEqual(sums(all, "severity", "state"));
        if (capped.some(({ labels }) => labels.policy === "_other")) return;
        expect(sums(capped, "policy", "severity", "state")).toEqual(sums(all, "policy", "severity", "state"));
      }),
      { numRuns: 500 },
    );
  });

  it("respects the order in which series give way", () => {
    fc.assert(
      fc.property(anyFeed, (fed) => {
        const { all, capped } = bothOf(fed);
        const kept = capped.filter((sample) => !isOther(sample));
        const keptRules = kept.filter(({ labels }) => labels.rule !== undefined);
        const ofOwners = (samples: readonly Sample[]) => samples.filter(({ labels }) => labels.owner !== undefined);
        const [keptOwners, owners] = [ofOwners(kept), ofOwners(all)];
        const keptPlaces = new Set(kept.filter(({ labels }) => labels.namespace !== undefined).map(placeOf));
        const places = new Set(all.filter(({ labels }) => labels.namespace !== undefined).map(placeOf));
        const alarming = new Set(
          all
            .filter(
              ({ labels, value }) =>
                labels.namespace !== undefined &&
                value > 0 &&
                (labels.state === "new" || labels.severity === "critical"),
            )
            .map(placeOf),
        );

        if (keptOwners.length < owners.length) expect(keptRules).toEqual([]);
        if (keptPlaces.size < places.size) expect([...keptRules, ...keptOwners]).toEqual([]);
        if (!alarming.isSubsetOf(keptPlaces)) expect(keptPlaces.isSubsetOf(alarming)).toBe(true);
        if (capped.some(({ labels }) => labels.policy === "_other")) expect(kept).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("chooses alike in whatever order the counts were fed", () => {
    fc.assert(
      fc.property(anyFeed, (fed) => {
        const backwards = {
          ...fed,
          namespaces: fed.namespaces.toReversed(),
          rules: fed.rules.map((of) => ({ ...of, counts: of.counts.toReversed() })).toReversed(),
          owned: fed.owned.map((of) => ({ ...of, violations: of.violations.toReversed() })).toReversed(),
        };
        expect([...feed(leading(fed.cap), backwards).exposition()]).toEqual([
          ...feed(leading(fed.cap), fed).exposition(),
        ]);
      }),
    );
  });
});
