import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/engine/resource.ts";
import { isFields } from "../../src/engine/views/fields.ts";
import { formatPath, parsePath } from "../../src/engine/views/path.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { everyRule, judgeAll, problemsIn, told } from "./every-rule.ts";
import { readFixtures } from "./harness.ts";
import { seed } from "./seed.ts";
import { ShapeMaker, shapedKinds } from "./shapes.ts";

console.log(`properties of the rules: RULES_SEED=${seed}`);

const fixtures = rules.flatMap(({ id }) => readFixtures(id).map((fixture) => ({ id, ...fixture })));
const kinds = shapedKinds.map(([apiVersion, kind]) => ({ apiVersion, kind, metadata: { name: "any" } }));
const policies = everyRule([...kinds, ...fixtures.flatMap(({ objects }) => objects)]);

describe("whatever the shapes of Kubernetes allow and do not allow", () => {
  const words = [...new Set(fixtures.flatMap(({ objects }) => objects.flatMap(textsIn)))].sort();

  it("no rule throws or changes what it judges, and every place is one line of the path grammar", () => {
    const worlds = fc.integer().map((start) => {
      const maker = new ShapeMaker(start, words);
      return Array.from({ length: 40 }, () => freeze(maker.object()));
    });
    fc.assert(
      fc.property(worlds, (objects) => {
        const evaluation = judgeAll(policies, objects);
        expect(problemsIn(evaluation)).toEqual([]);
        for (const { path, class: valueClass = "" } of told(evaluation)) {
          expect(formatPath(parsePath(path) ?? [])).toBe(path);
          expect(valueClass).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        }
      }),
      { numRuns: 60, seed },
    );
  });

  it("many rules find something there, so that they were asked", () => {
    const maker = new ShapeMaker(seed, words);
    const objects = Array.from({ length: 2_000 }, () => maker.object());
    const found = new Set(told(judgeAll(policies, objects)).map(({ fingerprint }) => fingerprint.split(" ")[0]));
    expect(found.size).toBeGreaterThan(policies.length / 3);
  });
});

describe("the order of containers, of their environment and of rules", () => {
  it.each(rules.map(({ id }) => id))("makes no difference to %s", (id) => {
    const own = fixtures.filter((fixture) => fixture.id === id);
    const asked = policies.filter(({ name }) => name.replace(/-\d+$/, "") === id);
    for (const { name, objects } of own) {
      const fingerprints = (given: readonly KubeObject[]) =>
        [...new Set(told(judgeAll(asked, given)).map(({ fingerprint }) => fingerprint))].sort();
      const reordered = objects.map((object) => reorder(object) as KubeObject);
      expect(fingerprints(reordered), name).toEqual(fingerprints(objects));
    }
  });
});

const ordered: ReadonlySet<string> = new Set(["containers", "initContainers", "ephemeralContainers", "env", "rules"]);

/** The same with those lists turned round. An element that nothing names is addressed by its index: its list stays. */
function reorder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reorder);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const named = (one: unknown) => isFields(one) && (key === "rules" || typeof one.name === "string");
    const inside = reorder(inner);
    const turned = ordered.has(key) && Array.isArray(inside) && inside.every(named) ? inside.toReversed() : inside;
    return [key, turned] as const;
  });
  return Object.fromEntries(entries);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
