import { isDeepStrictEqual } from "node:util";
import { newestRelease } from "../../src/engine/release.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { fieldsAt } from "../../src/engine/views/fields.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import type { Expected, Fixture } from "../rule-fixtures.ts";

/** A manifest as a page shows it: a whole fixture, or one object of it where the rule looks at one alone. */
export interface Shown {
  readonly manifest: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly expect: readonly Expected[];
}

export interface RuleExample {
  readonly before: Shown;
  /** Absent where nothing of the same kind passes with the same parameters. */
  readonly after?: Shown;
}

interface Candidate extends Shown {
  readonly fixture: Fixture;
  readonly objects: readonly KubeObject[];
}

/**
 * The case that a page shows: from fixtures that say so, else of what fails under the default parameters the shortest,
 * and of what passes and has the same kinds of objects what is most like it.
 */
export function exampleOf(rule: Rule, fixtures: readonly Fixture[]): RuleExample | undefined {
  const candidates = fixtures.flatMap((fixture) => candidatesIn(rule, fixture));
  const [before] = candidates.filter(({ expect }) => expect.length > 0).sort((a, b) => rank(a) - rank(b));
  if (before === undefined) return undefined;
  const passing = candidates.filter(({ fixture, expect }) => fixture.expect.length === 0 && expect.length === 0);
  const [after] = passing
    .filter((one) => one.fixture.example || isAkin(one, before))
    .sort((a, b) => likeness(before, b) - likeness(before, a));
  return after === undefined ? { before } : { before, after };
}

function candidatesIn(rule: Rule, fixture: Fixture): readonly Candidate[] {
  const { manifest, params, expect, objects } = fixture;
  const documents = manifest.split(/^---.*\n/m).filter((text) => text.trim() !== "");
  const whole = { fixture, manifest, params, expect, objects };
  if (rule.scope === "inventory" || documents.length !== objects.length) return [whole];
  return documents.flatMap((document, at): Candidate[] => {
    const object = objects[at];
    const id = object === undefined ? undefined : viewResource(object)?.id;
    if (object === undefined || id === undefined) return [];
    const own = expect.filter(({ on }) => on === resourceRef(id));
    return [{ fixture, manifest: document, params, expect: own, objects: [object] }];
  });
}

/** Whether one could have become of the other. */
function isAkin(one: Candidate, other: Candidate): boolean {
  const kinds = ({ objects }: Candidate) => new Set(objects.map(sortOf));
  return kinds(other).isSubsetOf(kinds(one)) && isDeepStrictEqual(one.params, other.params);
}

/** All workloads are of one sort: a page may show any of them. */
function sortOf(object: KubeObject): string | undefined {
  const view = viewResource(object);
  return view?.isWorkload ? "workload" : view?.kindName;
}

function rank({ fixture, params, manifest, expect, objects }: Candidate): number {
  if (fixture.example) return linesOf(manifest).length - 10_000;
  const live = objects.some((object) => fieldsAt(object, "metadata")?.ownerReferences !== undefined) ? 100 : 0;
  const asked = Object.keys(params).length > 0 ? 1_000 : 0;
  const old = isDeepStrictEqual(fixture.release, newestRelease) ? 0 : 100;
  return asked + live + old + linesOf(manifest).length + 10 * (expect.length - 1);
}

/** The share of lines that both have, from 0 to 1; more for one that wants to be shown. */
function likeness({ manifest: one }: Candidate, { manifest: other, fixture }: Candidate): number {
  const left = linesOf(other);
  const total = linesOf(one).length + left.length;
  const common = linesOf(one).filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return (2 * common.length) / total + (fixture.example ? 1 : 0);
}

function linesOf(text: string): string[] {
  return text.trimEnd().split("\n");
}
