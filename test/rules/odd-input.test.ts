import fc from "fast-check";
import { applyPatch } from "rfc6902";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/engine/resource.ts";
import { isFields } from "../../src/engine/views/fields.ts";
import { formatPath, parsePath } from "../../src/engine/views/path.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { type Fixture, judge, patchFor, readFixtures } from "./harness.ts";

/** Values that no schema would let through, and those that trip up careless code. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    "true",
    0,
    -1,
    1.5,
    1e308,
    "",
    "*",
    "a\nb\u2028c]=\"'",
    [],
    {},
    [null],
    [[]],
  ),
  fc.constant(JSON.parse('{"__proto__": {"polluted": true}, "constructor": null, "toString": 1}')),
  fc.integer({ min: 1, max: 3000 }).map((depth) => nested(depth)),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant({ name: "x" })), { maxLength: 4 }),
);

/** Each fixture with up to four of its values replaced or taken away. */
function mutatedFixture(fixtures: readonly Fixture[]): fc.Arbitrary<Fixture> {
  return fc
    .constantFrom(...fixtures)
    .chain((fixture) =>
      fc
        .array(fc.tuple(fc.nat(), fc.oneof(oddValue, fc.constant(remove))), { minLength: 1, maxLength: 4 })
        .map((changes) => ({ ...fixture, objects: mutate(fixture.objects, changes) })),
    );
}

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const fixtures = readFixtures(id);

  it("judges whatever it meets, and names every place on one line of the path grammar", () => {
    fc.assert(
      fc.property(mutatedFixture(fixtures), (fixture) => {
        const { problems, violations } = judge(rule, fixture);
        expect(problems).toEqual([]);
        for (const { path, class: valueClass = "" } of violations) {
          expect(formatPath(parsePath(path) ?? [])).toBe(path);
          expect(valueClass).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        }
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });

  // Not skipped where there is nothing to repair: what is skipped looks like something left undone.
  if (rule.scope === "resource" && rule.autofix !== undefined)
    it("repairs by patches that apply", () => {
      fc.assert(
        fc.property(mutatedFixture(fixtures), (fixture) => {
          for (const object of fixture.objects) {
            // Applied in place: the object is a copy for this run, and may be nested too deep to be cloned.
            const errors = applyPatch(object, [...patchFor(rule, fixture, object)]);
            expect(errors.filter((error) => error !== null)).toEqual([]);
          }
        }),
        { numRuns: 500, seed: 20261121 },
      );
    });

  it("finds the same whatever the order of the objects", () => {
    for (const fixture of fixtures) {
      const reversed = judge(rule, { ...fixture, objects: fixture.objects.toReversed() });
      expect(reversed.found, fixture.name).toEqual(judge(rule, fixture).found);
    }
  });
});

const remove = Symbol("remove");

/** Puts values in place of places in the objects, which are counted through all of them; or takes the place away. */
function mutate(
  objects: readonly KubeObject[],
  changes: readonly (readonly [nth: number, value: unknown])[],
): readonly KubeObject[] {
  const copy = structuredClone(objects) as KubeObject[];
  const places: { readonly holder: object; readonly key: string }[] = [];
  const visit = (holder: unknown): void => {
    if (!Array.isArray(holder) && !isFields(holder)) return;
    for (const [key, inner] of Object.entries(holder)) {
      places.push({ holder, key });
      visit(inner);
    }
  };
  copy.forEach(visit);
  for (const [nth, value] of changes) {
    const place = places[nth % places.length];
    if (place === undefined) continue;
    if (value === remove) Reflect.deleteProperty(place.holder, place.key);
    else
      Reflect.defineProperty(place.holder, place.key, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}
