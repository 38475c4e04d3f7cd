import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { applyPatch } from "rfc6902";
import { namedKinds } from "../../src/engine/kind-scope.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { parseKindName } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { catalogue } from "../../test/rules/catalogue.ts";
import { catalogueEntryOf } from "../../test/rules/catalogue-entry.ts";
import { judge, patchFor, sorted } from "../../test/rules/harness.ts";
import { edgeParameters } from "../../test/rules/parameters.ts";
import { unsaidNamespaces } from "../../test/rules/unsaid-namespaces.ts";
import { type Fixture, readFixtures } from "../rule-fixtures.ts";
import { type CollectedTest, collectUnitTests, type Renewed } from "./collected-tests.ts";
import { Importers } from "./importers.ts";

const bare = "bare objects";

/** One test that a mutant has to pass to survive. */
export interface Check {
  readonly id: string;
  /** False where it fails; throws where the engine does. */
  holds(): boolean;
}

const root = join(import.meta.dirname, "../..");

/** The unit tests of the views and the checks of all rules, of the tree that this file lies in. */
export async function everyCheck(): Promise<readonly Check[]> {
  const { rules } = await import("../../src/rules/index.generated.ts");
  const tests = (await collectUnitTests(root)).map(asCheck);
  return [...tests, ...rules.flatMap((rule) => ruleChecks(rule, rule.id))];
}

/** Those of them that load the module; nothing else is loaded. The rules come first. */
export async function* checksThatLoad(file: string): AsyncGenerator<Check> {
  const importers = new Importers(root);
  const isOfAll = importers.reaches("tools/mutation/checks.ts", file);
  for (const path of globSync("src/rules/*/*.ts", { cwd: root }).sort()) {
    if (!isOfAll && !importers.reaches(path, file)) continue;
    const module = (await import(pathToFileURL(join(root, path)).href)) as { rule?: Rule };
    if (module.rule !== undefined) yield* ruleChecks(module.rule, module.rule.id);
  }
  yield* (await collectUnitTests(root, (path) => importers.reaches(path, file))).map(asCheck);
}

/** The unit tests of a module's own file, which see the module loaded anew. */
export async function renewedUnitTests(renewed: Renewed): Promise<readonly Check[]> {
  const own = `${basename(renewed.file, ".ts")}.test.ts`;
  return (await collectUnitTests(root, (path) => basename(path) === own, renewed)).map(asCheck);
}

function asCheck({ id, run }: CollectedTest): Check {
  return {
    id,
    holds: () => {
      run();
      return true;
    },
  };
}

/** Read once, and of the rules as they are: a mutant that is loaded anew gets the same. */
const fixturesOfRule = new Map<string, readonly Fixture[]>();

function fixturesOf(rule: Rule, id: string): readonly Fixture[] {
  const fixtures = fixturesOfRule.get(id) ?? [...readFixtures(id), bareFixture(rule)];
  fixturesOfRule.set(id, fixtures);
  return fixtures;
}

/** What the catalogue says of a rule, parameters at the edge, the fixtures in the folder of its id, and one of objects that say nothing. */
export function ruleChecks(rule: Rule, id: string): readonly Check[] {
  const entry = catalogue.find((one) => one.id === id);
  const isListed = () => entry === undefined || isDeepStrictEqual(catalogueEntryOf(rule), entry);
  const ofFixtures = fixturesOf(rule, id).map((fixture) => ({
    id: `${id}/${fixture.name}`,
    holds: () => holds(rule, fixture),
  }));
  const takesParameters = () =>
    edgeParameters
      .filter((edge) => edge.rule === id)
      .every(
        ({ taken = [], refused = [] }) =>
          taken.every((params) => rule.params.safeParse(params).success) &&
          !refused.some((params) => rule.params.safeParse(params).success),
      );
  return [
    { id: `${id}/catalogue`, holds: isListed },
    { id: `${id}/parameters`, holds: takesParameters },
    ...ofFixtures,
  ];
}

/** Whether the rule finds what its fixture expects, reads what it says, and repairs what it can. */
function holds(rule: Rule, fixture: Fixture): boolean {
  const { found, problems } = judge(rule, fixture);
  if (problems.length > 0) return false;
  if (fixture.name === bare) return true;
  if (!isDeepStrictEqual(found, sorted(fixture.expect))) return false;
  if (unsaidNamespaces(rule, fixture).length > 0) return false;
  return rule.scope !== "resource" || rule.autofix === undefined || repairs(rule, fixture);
}

/** Whether the autofix takes the steps that the fixture states, none of them in vain, and leaves what it says. */
function repairs(rule: Rule, fixture: Fixture): boolean {
  const patches = fixture.objects.map((object) => patchFor(rule, fixture, object));
  if (fixture.patch !== undefined && !isDeepStrictEqual(patches.flat(), fixture.patch)) return false;
  const objects = fixture.objects.map((object) => structuredClone(object));
  for (const [at, patch] of patches.entries())
    if (applyPatch(objects[at], [...patch]).some((error) => error !== null)) return false;
  const after = { ...fixture, objects };
  if (!isDeepStrictEqual(judge(rule, after).found, sorted(fixture.stays))) return false;
  return objects.every((object) => patchFor(rule, after, object).length === 0);
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
    patch: undefined,
    manifest: "",
  };
  return { ...nothing, name: bare, release: newestRelease, objects };
}
