import { isPackName, type PackName } from "../../src/engine/packs.ts";
import { newestRelease, parseRelease, type Release } from "../../src/engine/release.ts";
import type { ConceptMap, OracleCase, RuleUse } from "./oracle-set.ts";

/** What is run for one verdict. */
export interface Question {
  readonly release: Release;
  /** Any of these: one violation is a fail. */
  readonly rules: readonly RuleUse[];
  /** The case is about a whole pack: then it is run, and `rules` are the check that a failing case must break. */
  readonly pack?: PackName;
}

export type Questions =
  | { readonly ask: readonly Question[] }
  /** The map gives no rule for it. */
  | { readonly notScored: string };

/** What a case asks us, one question a release. Nothing here knows the name of a set: all of it is data. */
export function questionsOf(set: string, oracleCase: OracleCase, map: ConceptMap): Questions {
  const releases = oracleCase.kubernetes ?? [undefined];
  const parsed = releases.map((text) => (text === undefined ? newestRelease : parseRelease(text)));
  const unknown = releases.find((_, at) => parsed[at] === undefined);
  if (unknown !== undefined) return { notScored: `${unknown} is no Kubernetes release` };
  const { rule } = oracleCase;
  const pack = rule !== null && isPackName(rule) ? rule : undefined;
  const uses = usesOf(set, oracleCase, map);
  if (pack === undefined && "notScored" in uses) return uses;
  const ask = releases.flatMap((text, at): Question[] => {
    const release = parsed[at];
    if (release === undefined) return [];
    const rules = "notScored" in uses ? [] : uses.rules.map((use) => fillIn(use, oracleCase, text));
    return [{ release, rules, ...(pack === undefined ? {} : { pack }) }];
  });
  return { ask };
}

function usesOf(
  set: string,
  { concept, rule }: OracleCase,
  map: ConceptMap,
): { readonly rules: readonly RuleUse[] } | { readonly notScored: string } {
  const identified = rule === null ? undefined : map.identifiers[set]?.[rule];
  if (identified !== undefined) return { rules: [identified] };
  if (concept === null) return { notScored: "asks no concept" };
  const rules: RuleUse[] = [];
  for (const one of concept.split("|")) {
    const entry = map.concepts[one];
    if (entry === undefined) return { notScored: `concept ${one} is not in the map` };
    rules.push(...(entry.sets?.[set] ?? entry.rules));
    if (rules.length === 0) return { notScored: `${one}: ${entry.reason ?? "no rule answers it"}` };
  }
  return { rules };
}

/** Puts values of the case in place of `$case.x`; what the case lacks is left out. `$case.kubernetes` is this release. */
function fillIn({ rule, params }: RuleUse, oracleCase: OracleCase, release: string | undefined): RuleUse {
  const filled = Object.entries(params).flatMap(([name, value]) => {
    if (typeof value !== "string" || !value.startsWith("$case.")) return [[name, value] as const];
    const found = valueAt({ ...oracleCase, kubernetes: release }, value.slice("$case.".length).split("."));
    return found === undefined ? [] : [[name, found] as const];
  });
  return { rule, params: Object.fromEntries(filled) };
}

function valueAt(of: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    of,
  );
}
