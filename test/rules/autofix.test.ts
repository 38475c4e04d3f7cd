import { applyPatch } from "rfc6902";
import { describe, expect, it } from "vitest";
import { packParams } from "../../src/engine/pack-membership.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { type Fixture, judge, patchFor, readFixtures, sorted } from "./harness.ts";

const repairing = rules.filter((rule) => rule.scope === "resource" && rule.autofix !== undefined);

describe.each(repairing.map((rule) => [rule.id, rule] as const))("the autofix of %s", (id, rule) => {
  const fixtures = readFixtures(id);
  const failing = fixtures
    .filter(({ expect: expected }) => expected.length > 0)
    .map((fixture) => [fixture.name, fixture] as const);

  it("repairs something in some fixture", () => {
    expect(failing.some(([, { expect: expected, stays }]) => stays.length < expected.length)).toBe(true);
  });

  it.each(failing)("removes every violation in %s that it can repair safely", (_, fixture) => {
    expect(judge(rule, repaired(rule, fixture)).found).toEqual(sorted(fixture.stays));
  });

  it("is stated step by step in some fixture", () => {
    expect(fixtures.some(({ patch }) => patch !== undefined && patch.length > 0)).toBe(true);
  });

  it.each(fixtures.filter(({ patch }) => patch !== undefined).map((fixture) => [fixture.name, fixture] as const))(
    "takes the steps that %s states",
    (_, fixture) => {
      expect(fixture.objects.flatMap((object) => patchFor(rule, fixture, object))).toEqual(fixture.patch);
    },
  );

  it.each(failing)("leaves no more to do in %s", (_, fixture) => {
    const after = repaired(rule, fixture);
    expect(after.objects.map((object) => patchFor(rule, after, object))).toEqual(fixture.objects.map(() => []));
  });

  it.each(failing)("makes no rule find more in %s", (_, fixture) => {
    const before = everyVerdict(fixture);
    const more = everyVerdict(repaired(rule, fixture)).filter((found) => !before.includes(found));
    expect(more).toEqual([]);
  });
});

describe("the rules together", () => {
  it("say that a violation stays only where the rule has an autofix", () => {
    const others = rules.filter((rule) => !repairing.includes(rule));
    const said = others.filter(({ id }) => readFixtures(id).some(({ stays }) => stays.length > 0));
    expect(said.map(({ id }) => id)).toEqual([]);
  });
});

/** The fixture with the patch applied to each object in which the rule finds something. */
function repaired(rule: Rule, fixture: Fixture): Fixture {
  const objects = fixture.objects.map((object) => {
    const copy = structuredClone(object);
    const failed = applyPatch(copy, [...patchFor(rule, fixture, object)]).filter((error) => error !== null);
    expect(failed).toEqual([]);
    return copy;
  });
  return { ...fixture, objects };
}

/** What all rules find, each with its own parameters and with those of its packs. */
function everyVerdict(fixture: Fixture): readonly string[] {
  return rules.flatMap((rule) =>
    [{}, ...Object.values(rule.packs).map((membership) => packParams(membership, fixture.release) ?? {})]
      .filter((params) => rule.params.safeParse(params).success)
      .flatMap((params) =>
        judge(rule, { ...fixture, params }).found.map((found) => JSON.stringify([rule.id, params, found])),
      ),
  );
}
