import { isDeepStrictEqual } from "node:util";
import { applyPatch } from "rfc6902";
import { namedKinds } from "../../src/engine/kind-scope.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { parseKindName } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { judge, patchFor, sorted } from "../../test/rules/harness.ts";
import type { Fixture } from "../rule-fixtures.ts";

/** Whether the rule finds what its fixture expects, and repairs of it what it says it can. */
export function holds(rule: Rule, fixture: Fixture): boolean {
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

const bare = "bare objects";

/** Objects of every kind that the rule names, with nothing but a name: whatever it finds, it must not throw. */
export function bareFixture(rule: Rule): Fixture {
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
