import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergePatch } from "../../src/kube/merge-patch.ts";

describe("a merge patch", () => {
  test("is empty where nothing differs", () => {
    const status = { generation: 2, coverage: { percent: 100, holes: [] }, text: "" };
    expect(mergePatch(status, structuredClone(status))).toEqual({});
  });

  test("names only the fields that differ, at any depth", () => {
    const from = { summary: { new: 1, known: 4, score: 80 }, observedGeneration: 3 };
    const to = { summary: { new: 2, known: 4, score: 80 }, observedGeneration: 3 };
    expect(mergePatch(from, to)).toEqual({ summary: { new: 2 } });
  });

  test("removes by null what is gone", () => {
    expect(mergePatch({ nextScanTime: "later", summary: { grade: "A" } }, { summary: {} })).toEqual({
      nextScanTime: null,
      summary: { grade: null },
    });
  });

  test("replaces lists whole, for the API server does so", () => {
    expect(mergePatch({ rules: [{ id: "a" }, { id: "b" }] }, { rules: [{ id: "a" }] })).toEqual({
      rules: [{ id: "a" }],
    });
  });

  test("does not take what every object inherits for a field of its own", () => {
    expect(mergePatch({}, { constructor: "mine" })).toEqual({ constructor: "mine" });
    expect(mergePatch({ toString: "mine" }, {})).toEqual({ toString: null });
  });

  test("turns the one into the other, whatever they are", () => {
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(0, 1, "", "text", true, false),
        fc.array(fc.constantFrom(0, 1), { maxLength: 2 }),
        tie("object"),
      ),
      object: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    })).object;
    fc.assert(
      fc.property(value, value, (from, to) => {
        expect(applied(from, mergePatch(from as Json, to as Json))).toEqual(to);
      }),
    );
  });
});

type Json = Readonly<Record<string, unknown>>;

/** MergePatch of RFC 7386, section 2, word by word. */
function applied(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete result[name];
    else result[name] = applied(result[name], value);
  return result;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
