import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applyPatch } from "rfc6902";
import { namedKinds } from "../../src/engine/kind-scope.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { parseKindName } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { judge, patchFor, sorted } from "../../test/rules/harness.ts";
import { type Fixture, readFixtures } from "../rule-fixtures.ts";
import { collectUnitTests } from "./collected-tests.ts";

const bare = "bare objects";

/** One test that a mutant has to pass to survive. */
export interface Check {
  readonly id: string;
  /** False where it fails; throws where the engine does. */
  holds(): boolean;
}

/** The unit tests of the views and the fixtures of all rules, of the tree that this file lies in. */
export async function everyCheck(): Promise<readonly Check[]> {
  const unitTests = await collectUnitTests(join(import.meta.dirname, "../.."));
  const passes = unitTests.map(({ id, run }) => ({
    id,
    holds: () => {
      run();
      return true;
    },
  }));
  return [...passes, ...rules.flatMap((rule) => fixtureChecks(rule, rule.id))];
}

/** Read once, and of the rules as they are: a mutant that is loaded anew gets the same. */
const fixtures: ReadonlyMap<string, readonly Fixture[]> = new Map(
  rules.map((rule) => [rule.id, [...readFixtures(rule.id), bareFixture(rule)]]),
);

/** The fixtures in the folder of a rule's id, asked of this rule, and one of objects that say nothing. */
export function fixtureChecks(rule: Rule, id: string): readonly Check[] {
  return (fixtures.get(id) ?? []).map((fixture) => ({
    id: `${id}/${fixture.name}`,
    holds: () => holds(rule, fixture),
  }));
}

/** Whether the rule finds what its fixture expects, and repairs of it what it says it can. */
function holds(rule: Rule, fixture: Fixture): boolean {
  const { found, problems } = judge(rule, fixture);
  if (problems.length > 0) return false;
  if (fixture.name === bare) return true;
  if (!isDeepStrictEqual(found, sorted(fixture.expect))) return false;
  if (rule.scope !== "resource" || rule.autofix === undefined || fixture.expect.length === 0) return true;
  const objects = fixture.objects.map((object) => {
    const copy = structuredClone(object);
    applyPatch(copy, [...patchFor(rule, fixture, object)]);
    return copy;
  });
  return isDeepStrictEqual(judge(rule, { ...fixture, objects }).found, sorted(fixture.stays));
}

/** Objects of every kind that the rule names, with nothing but a name: whatever it finds, it must not throw. */
function bareFixture(rule: Rule): Fixture {
  const objects = namedKinds(rule.kinds).map((name) => {
    const { group, kind } = parseKindName(name);
    return {
      apiVersion: group === "" ? "v1" : `${group}/v1`,
      kind,
      metadata: { name: "bare", namespace: "shop" },
    };
  });
  const nothing = {
    about: undefined,
    example: false,
    kindMatters: false,
    params: {},
    expect: [],
    stays: [],
    manifest: "",
  };
  return { ...nothing, name: bare, release: newestRelease, objects };
}
