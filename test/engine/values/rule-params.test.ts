import { describe, expect, it } from "vitest";
import { matchesPattern } from "../../../src/engine/values/pattern.ts";
import {
  grantParams,
  ipRangeParam,
  kindPatternParam,
  namePatternsParam,
  patternParam,
  quantityParam,
  rangeParam,
  releaseParam,
} from "../../../src/engine/values/rule-params.ts";

describe("parameter types", () => {
  it.each([
    ["quantity", quantityParam, ["500m", "1Gi", 2, 0.5], ["", "a lot", "1K", null]],
    ["release", releaseParam, ["1.9", "1.29"], ["1", "v1.29", "1.29.3", "2.0", 1.29]],
    [
      "kind pattern",
      kindPatternParam,
      ["workloads", "*", "Pod", "Deployment.apps", "*.argoproj.io", "Thing.x", "Thing.a.b"],
      ["", "*.", "Deployment.", ".apps", "a b", "**"],
    ],
    [
      "range of addresses",
      ipRangeParam,
      ["10.0.0.0/8", "203.0.113.7", "fd00::/8"],
      ["", "10.0.0.0/33", "localhost", 10],
    ],
    [
      "range of numbers",
      rangeParam,
      [
        { min: 0, max: 0 },
        { min: 1, max: 2 },
      ],
      [{ min: 2, max: 1 }, { min: -1, max: 1 }, {}],
    ],
    ["pattern", patternParam, ["web|db", "[a-z]+", ""], ["(", "[z-a]", "a(?=b)"]],
  ])("a %s", (_, schema, taken, refused) => {
    expect(taken.filter((value) => !schema.safeParse(value).success)).toEqual([]);
    expect(refused.filter((value) => schema.safeParse(value).success)).toEqual([]);
  });
});

describe("patterns of names", () => {
  it("are none by default", () => {
    expect(namePatternsParam.parse(undefined)).toEqual([]);
  });
});

describe("the parameters of a rule about grants", () => {
  const targets = [
    { group: "", resources: ["pods", "services"] },
    { group: "apps", resources: ["deployments", "pods"] },
  ];
  const params = grantParams(targets, ["create"]);

  it("are by default the verbs of the rule", () => {
    expect(params.parse({})).toEqual({ verbs: ["create"] });
  });

  it("may name other resources, at least one, and other verbs, or none", () => {
    expect(params.parse({ resources: ["jobs"], verbs: [] })).toEqual({ resources: ["jobs"], verbs: [] });
    for (const wrong of [{ resources: [] }, { resources: [""] }, { verbs: [""] }, { groups: [] }])
      expect(params.safeParse(wrong).success).toBe(false);
  });

  it("say which resources they replace, each once", () => {
    expect(params.shape.resources.description).toBe("Resources asked for in place of pods, services, deployments");
  });
});

describe("matchesPattern", () => {
  it("matches the whole value", () => {
    expect(["web", "db", "webshop", "my-db", ""].map((value) => matchesPattern("web|db", value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("takes linear time on a pattern that makes others hang", () => {
    expect(matchesPattern("(a+)+b", `${"a".repeat(5000)}c`)).toBe(false);
  });
});
