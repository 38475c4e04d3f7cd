import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maximumSpecBytes, parsePolicySpec } from "../../src/api/parse-policy-spec.ts";
import { badSpecs, goodSpecs } from "./policy-spec-cases.ts";

describe("parsePolicySpec", () => {
  test.each(goodSpecs)("accepts $title", ({ spec }) => {
    expect(parsePolicySpec(spec)).toMatchObject({ ok: true, spec });
  });

  test.each(badSpecs)("rejects $because and says where and what to do", ({ spec, problem }) => {
    expect(parsePolicySpec(spec)).toEqual({ ok: false, problems: [problem] });
  });

  test("fills in every default", () => {
    expect(parsePolicySpec({})).toEqual({
      ok: true,
      spec: {
        match: { clusterResources: "Auto" },
        rules: { packs: ["recommended"] },
        baseline: { mode: "Ratchet", settle: "24h", newNamespaces: "Empty" },
        scan: { continuous: true, schedule: "0 * * * *", timeZone: "Etc/UTC", suspend: false },
      },
    });
  });

  test("names every problem at once, in order of the fields", () => {
    const parsed = parsePolicySpec({ description: 5, baseline: { mode: "x", settle: "y" }, extra: 1, other: 2 });

    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual([
      "spec.baseline.mode",
      "spec.baseline.settle",
      "spec.description",
      "spec.extra",
      "spec.other",
    ]);
  });

  test("asks for a spec where there is none", () => {
    expect(parsePolicySpec(undefined)).toEqual({
      ok: false,
      problems: [{ path: "spec", message: "is required: add it" }],
    });
  });

  test("takes a spec of just the largest size and refuses one byte more", () => {
    const params = (length: number) => ({ rules: { override: [{ id: "a", params: { list: "x".repeat(length) } }] } });
    const parsed = parsePolicySpec(params(0));
    const empty = parsed.ok ? JSON.stringify(parsed.spec).length : 0;

    expect(parsePolicySpec(params(maximumSpecBytes - empty))).toMatchObject({ ok: true });
    expect(parsePolicySpec(params(maximumSpecBytes - empty + 1))).toEqual({
      ok: false,
      problems: [
        {
          path: "spec",
          message: "has 65537 bytes as JSON, more than 65536: split the policy or shorten its overrides",
        },
      ],
    });
  });

  test("understands its own result: a spec in force is read again after a restart", () => {
    for (const { spec } of goodSpecs) {
      const parsed = parsePolicySpec(spec);

      expect(parsed.ok && parsePolicySpec(parsed.spec)).toEqual(parsed);
    }
  });

  test("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        const parsed = parsePolicySpec(value);

        return parsed.ok || parsed.problems.length > 0;
      }),
      { numRuns: 2_000 },
    );
  });
});
