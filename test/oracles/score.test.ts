import { describe, expect, it } from "vitest";
import { configMap, nothingKnown, scored } from "./folder.ts";

const map = {
  _about: { what: "text", concepts: 3 },
  concepts: {
    word: { rules: [{ rule: "no-word" }], sets: { "another-set": [{ rule: "has-data" }] } },
    "their-word": { rules: [{ rule: "no-word", params: { word: "$case.params.word" } }] },
    data: { rules: [{ rule: "has-data" }], sets: { "made-up": [{ rule: "has-data", params: {} }] } },
    next: { rules: [{ rule: "next-exists" }] },
    taste: { rules: [], reason: "taste" },
    future: { rules: [{ rule: "not-written" }, { rule: "no-word" }] },
  },
  "made-up": { THEIR_RULE: { rule: "no-word", params: { word: "theirs" } } },
};

const word = (text: string) => configMap("one", { word: text });

/** What becomes of one case. */
function outcome(oracleCase: object, text: string) {
  const { asked } = scored({ one: { file: "one.yaml", source: "", ...oracleCase } }, { "one.yaml": text }, map);
  return asked.flatMap(({ verdicts, notScored }) => [
    ...verdicts.map(({ outcome: found }) => found),
    ...[...notScored.keys()].map((reason) => ({ notScored: reason })),
  ]);
}

describe("a verdict", () => {
  it.each([
    ["fail", "bad", { is: "agrees" }],
    ["pass", "good", { is: "agrees" }],
    ["fail", "good", { is: "differs", because: "should fail, nothing was found" }],
    ["pass", "bad", { is: "differs", because: "should pass, no-word found ConfigMap/one data.word" }],
  ])("of %s over the word %s", (expected, said, is) => {
    expect(outcome({ concept: "word", rule: "W", expected }, word(said))).toEqual([is]);
  });

  it("takes all rules of two concepts together: any may find something, none may where all must pass", () => {
    const either = { concept: "word|data", rule: "W" };
    expect(outcome({ ...either, expected: "fail" }, configMap("one"))).toEqual([{ is: "agrees" }]);
    expect(outcome({ ...either, expected: "pass" }, word("good"))).toEqual([{ is: "agrees" }]);
    expect(outcome({ ...either, expected: "pass" }, `${word("bad")}${configMap("two")}`)).toEqual([
      { is: "differs", because: "should pass, has-data found ConfigMap/two data and 1 more" },
    ]);
  });

  it("takes parameters from the case, and leaves out those that it lacks", () => {
    const theirs = { concept: "their-word", rule: "W", expected: "fail" };
    expect(outcome({ ...theirs, params: { word: "ugly" } }, word("ugly"))).toEqual([{ is: "agrees" }]);
    expect(outcome(theirs, word("bad"))).toEqual([{ is: "agrees" }]);
  });

  it("goes by the identifier where the map has those of the set", () => {
    expect(outcome({ concept: "data", rule: "THEIR_RULE", expected: "fail" }, word("theirs"))).toEqual([
      { is: "agrees" },
    ]);
  });

  it("takes one run a release", () => {
    const releases = { concept: "word", rule: "W", expected: "fail", kubernetes: ["1.19", "1.20", "1.21"] };
    expect(outcome(releases, word("very bad")).map((found) => "is" in found && found.is)).toEqual([
      "differs",
      "agrees",
      "agrees",
    ]);
  });

  it("takes the file as all that exists", () => {
    const next = { concept: "next", rule: "N" };
    const chain = `${configMap("one", { next: "two" })}${configMap("two")}`;
    expect(outcome({ ...next, expected: "pass" }, chain)).toEqual([{ is: "agrees" }]);
    expect(outcome({ ...next, expected: "fail" }, configMap("one", { next: "two" }))).toEqual([{ is: "agrees" }]);
  });

  it("may be about single objects beside that of the case", () => {
    const text = `${word("bad")}${configMap("two", { word: "good" })}`;
    const objects = ["one", "two"].map((name) => ({ kind: "ConfigMap", name, expected: "fail" }));
    const { asked } = scored(
      { both: { file: "one.yaml", source: "", concept: "word", rule: "W", expected: "fail", objects } },
      { "one.yaml": text },
      map,
    );
    expect(asked.flatMap(({ verdicts }) => verdicts.map((one) => [one.case, one.isObject, one.outcome]))).toEqual([
      ["both", false, { is: "agrees" }],
      ["both#ConfigMap/one", true, { is: "agrees" }],
      ["both#ConfigMap/two", true, { is: "differs", because: "should fail, nothing was found" }],
    ]);
  });

  it("is none where nobody gives one, no rule answers, or the rule is not there yet", () => {
    const fails = { rule: "W", expected: "fail" };
    expect(outcome({ rule: null, concept: null, expected: null }, word("bad"))).toEqual([{ notScored: "no verdict" }]);
    expect(outcome({ ...fails, concept: null }, word("bad"))).toEqual([{ notScored: "asks no concept" }]);
    expect(outcome({ ...fails, concept: "taste" }, word("bad"))).toEqual([{ notScored: "taste: taste" }]);
    expect(outcome({ ...fails, concept: "unheard" }, word("bad"))).toEqual([
      { notScored: "concept unheard is not in the map" },
    ]);
    expect(outcome({ ...fails, concept: "future" }, word("bad"))).toEqual([
      { is: "noRuleYet", missing: ["not-written"] },
    ]);
    expect(outcome({ ...fails, concept: "word", kubernetes: ["latest"] }, word("bad"))).toEqual([
      { notScored: "latest is no Kubernetes release" },
    ]);
  });

  it("is a crash where a rule throws", () => {
    expect(outcome({ concept: "word", rule: "W", expected: "pass" }, word("throw"))).toEqual([
      { is: "crashed", because: "no-word on ConfigMap/one: Error: it was said" },
    ]);
  });
});

describe("a case about a pack", () => {
  const level = { concept: "word", rule: "pss-baseline", check: "theWord", kubernetes: ["1.19", "1.20"] };

  it("runs the whole pack at each release", () => {
    expect(outcome({ ...level, expected: "fail" }, word("bad"))).toEqual([{ is: "agrees" }, { is: "agrees" }]);
    expect(outcome({ ...level, expected: "fail" }, word("very bad"))).toEqual([
      { is: "differs", because: "pss-baseline: should fail, nothing was found" },
      { is: "agrees" },
    ]);
  });

  it("must break the check that it names, not just any of the pack", () => {
    expect(outcome({ ...level, concept: "next", expected: "fail" }, word("bad"))).toEqual([
      { is: "differs", because: "next-exists did not see theWord" },
      { is: "differs", because: "next-exists did not see theWord" },
    ]);
  });

  it("asks for nothing but the pack where it names no concept", () => {
    expect(outcome({ ...level, concept: null, expected: "pass" }, word("good"))).toEqual([
      { is: "agrees" },
      { is: "agrees" },
    ]);
  });
});

describe("the score", () => {
  const cases = {
    good: {
      file: "good.yaml",
      concept: "word",
      rule: "W",
      expected: "pass",
      source: "",
      objects: [{ kind: "ConfigMap", name: "one", expected: "pass" }],
    },
    odd: { file: "good.yaml", concept: "word", rule: "W", expected: "fail", source: "" },
    trap: { file: "good.yaml", concept: "word", rule: "W", expected: "fail", trap: "own-list", source: "" },
    waits: { file: "good.yaml", concept: "future", rule: "W", expected: "fail", source: "" },
    silent: { file: "good.yaml", concept: null, rule: null, expected: null, source: "" },
  };
  const files = { "good.yaml": word("good") };
  const listed = { set: "made-up", cases: ["odd"], decided: "line", why: "reason" };

  it("counts verdicts by set and rule, traps apart", () => {
    const { score } = scored(cases, files, map, { differences: [listed], traps: { "own-list": "line" } });
    expect(score.sets).toEqual([
      {
        set: "made-up",
        cases: 5,
        verdicts: { total: 2, agree: 1, known: 1 },
        single: { total: 1, agree: 1, known: 0 },
        traps: { total: 1, agree: 0, known: 1 },
        noRuleYet: 1,
        notScored: { "no verdict": 1 },
        files: 1,
        objects: 1,
      },
    ]);
    expect(score.rules.find(({ rule }) => rule === "no-word")).toEqual({
      rule: "no-word",
      total: 2,
      agree: 1,
      known: 1,
      single: { total: 1, agree: 1, known: 0 },
      traps: { total: 1, agree: 0, known: 1 },
    });
    expect(score.noRuleYet).toEqual({ "not-written": 1 });
    expect(score.failures).toEqual([]);
  });

  it("fails for a difference and for a trap that nobody has explained", () => {
    expect(scored(cases, files, map, nothingKnown).score.failures).toEqual([
      "made-up/odd differs: should fail, nothing was found",
      "made-up/trap differs, trap own-list: should fail, nothing was found",
    ]);
  });

  it("fails for an entry of the list that no longer differs, and for one that is no case", () => {
    const differences = [{ ...listed, cases: ["odd", "good", "gone"] }];
    expect(scored(cases, files, map, { differences, traps: { "own-list": "line" } }).score.failures).toEqual([
      "made-up/good is on the list of known differences and no longer differs: take it off",
      "made-up/gone is on the list of known differences and is no case",
    ]);
  });

  it("asks nothing about sets on the list that are not there", () => {
    const elsewhere = { ...listed, set: "another-set", cases: ["any"] };
    const { score } = scored({ good: cases.good }, files, map, { differences: [elsewhere], traps: {} });
    expect(score.failures).toEqual([]);
  });

  it("fails for a rule that throws on any object, and for a file that cannot be read", () => {
    const corpus = { file: "bad.yaml", concept: null, rule: null, expected: null, source: "" };
    const { score } = scored({ corpus }, { "bad.yaml": `${word("throw")}a: [\n` }, map);
    expect(score.failures).toEqual([
      expect.stringMatching(/^made-up: bad\.yaml:\d+:\d+: is no YAML/),
      "made-up: bad.yaml: no-word on ConfigMap/one: Error: it was said",
    ]);
  });

  it("lets a file be broken that nobody is asked about", () => {
    const { score } = scored(
      { schema: { ...cases.good, concept: "taste", file: "bad.yaml" } },
      { "bad.yaml": "a: 1\na: 2\n" },
      map,
    );
    expect(score.failures).toEqual([]);
  });
});
