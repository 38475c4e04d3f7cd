import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRegistry } from "../../src/engine/registry.ts";
import { formatRelease } from "../../src/engine/release.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { formatManifestProblem } from "../../src/manifests/problem.ts";
import { type Manifests, readManifests } from "../../src/manifests/read-manifests.ts";
import type { ConceptMap, OracleCase, OracleSet, Oracles } from "./oracle-set.ts";
import { PolicyShelf } from "./policies.ts";
import { questionsOf } from "./question.ts";
import { type Asking, answer, type Outcome, run } from "./verdict.ts";

/** One verdict of theirs, and how ours stands to it. */
export interface Verdict {
  readonly set: string;
  /** Name of the case; of an object in it with a verdict of its own `case#Kind/name`. */
  readonly case: string;
  /** About one object of a case. */
  readonly isObject: boolean;
  readonly release: string;
  /** Ids of the rules that were asked; of a whole pack its name first. */
  readonly asked: readonly string[];
  readonly expected: "fail" | "pass";
  /** A matter of definition: of which kind. */
  readonly trap?: string;
  readonly outcome: Outcome;
}

/** A set after all its cases were asked, and every rule was run on every file. */
export interface AskedSet {
  readonly set: string;
  readonly cases: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Cases without a verdict, or without a rule for what they ask; by reason. */
  readonly notScored: ReadonlyMap<string, number>;
  readonly files: number;
  readonly objects: number;
  /** Files that could not be read although they should, and rules that threw: one line each. */
  readonly failures: readonly string[];
}

/** Asks every case of every set. */
export function askAll({ sets, map }: Oracles, rules: readonly Rule[]): readonly AskedSet[] {
  const registry = createRegistry(rules);
  const asking = { registry, shelf: new PolicyShelf(registry) };
  return sets.map((set) => askSet(set, map, asking));
}

function askSet(set: OracleSet, map: ConceptMap, asking: Asking): AskedSet {
  const files = new Map<string, Manifests>();
  const verdicts: Verdict[] = [];
  const notScored = new Map<string, number>();
  const failures = new Set<string>();
  for (const [name, oracleCase] of set.cases) {
    const manifests = files.get(oracleCase.file) ?? readCase(set, oracleCase);
    files.set(oracleCase.file, manifests);
    const asked = askCase(set.name, name, oracleCase, manifests.objects, map, asking);
    if ("notScored" in asked) notScored.set(asked.notScored, (notScored.get(asked.notScored) ?? 0) + 1);
    else verdicts.push(...asked.verdicts);
    // What nobody asks us about may be broken on purpose; what is there to be judged may not.
    if (!("notScored" in asked) || oracleCase.expected === null)
      for (const problem of manifests.problems) failures.add(`${set.name}: ${formatManifestProblem(problem)}`);
  }
  for (const [file, { objects }] of files)
    for (const crash of crashes(objects, asking)) failures.add(`${set.name}: ${file}: ${crash}`);
  return {
    set: set.name,
    cases: set.cases.map(([name]) => name),
    verdicts,
    notScored,
    files: files.size,
    objects: [...files.values()].reduce((sum, { objects }) => sum + objects.length, 0),
    failures: [...failures],
  };
}

function readCase({ folder }: OracleSet, { file }: OracleCase): Manifests {
  return readManifests(readFileSync(join(folder, file), "utf8"), file);
}

function askCase(
  set: string,
  name: string,
  oracleCase: OracleCase,
  objects: readonly KubeObject[],
  map: ConceptMap,
  asking: Asking,
): { readonly verdicts: readonly Verdict[] } | { readonly notScored: string } {
  const { expected, trap } = oracleCase;
  if (expected === null) return { notScored: "no verdict" };
  const questions = questionsOf(set, oracleCase, map);
  if ("notScored" in questions) return questions;
  const verdicts = questions.ask.flatMap((question): Verdict[] => {
    const common = {
      set,
      release: formatRelease(question.release),
      asked: [...(question.pack === undefined ? [] : [question.pack]), ...question.rules.map(({ rule }) => rule)],
      ...(trap === undefined ? {} : { trap }),
    };
    const whole = answer(oracleCase, question, objects, asking);
    return [
      { ...common, case: name, isObject: false, expected, outcome: whole },
      ...(oracleCase.objects ?? []).map((one) => ({
        ...common,
        case: `${name}#${one.kind ?? ""}/${one.name ?? ""}`,
        isObject: true,
        expected: one.expected,
        outcome: answer(oracleCase, question, objects, asking, one),
      })),
    ];
  });
  return { verdicts };
}

/** Every rule on every object, as it stands without parameters: whatever it finds, it may not throw. */
function crashes(objects: readonly KubeObject[], { shelf }: Asking): readonly string[] {
  try {
    run(shelf.all(objects), objects);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
