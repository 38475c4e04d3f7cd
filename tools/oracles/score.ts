import type { AskedSet, Verdict } from "./ask.ts";
import type { KnownDifferences } from "./known-differences.ts";

export interface Score {
  readonly sets: readonly SetScore[];
  /** Sorted by id. */
  readonly rules: readonly RuleScore[];
  /** Every verdict that is not agreed on; one entry a case. */
  readonly misses: readonly Miss[];
  /** Ids that the map names and no rule has, with the verdicts that wait for them. */
  readonly noRuleYet: Readonly<Record<string, number>>;
  /** What makes the run a failure: one line each. */
  readonly failures: readonly string[];
}

export interface Tally {
  readonly total: number;
  readonly agree: number;
  /** Not agreed on, and on the list: of differences, or of kinds of traps. */
  readonly known: number;
}

export interface SetScore {
  readonly set: string;
  readonly cases: number;
  /** One verdict a case and release. */
  readonly verdicts: Tally;
  /** Verdicts on single objects of a case. */
  readonly single: Tally;
  /** Verdicts that are a matter of definition. */
  readonly traps: Tally;
  readonly noRuleYet: number;
  /** Cases by the reason for which they are not scored. */
  readonly notScored: Readonly<Record<string, number>>;
  readonly files: number;
  readonly objects: number;
}

export interface RuleScore extends Tally {
  readonly rule: string;
  readonly single: Tally;
  readonly traps: Tally;
}

export interface Miss {
  readonly set: string;
  readonly case: string;
  readonly asked: readonly string[];
  readonly releases: readonly string[];
  readonly expected: "fail" | "pass";
  readonly trap?: string;
  /** Of the first of the releases. */
  readonly because: string;
  readonly is: "known" | "unexplained" | "crashed";
}

export function score(asked: readonly AskedSet[], known: KnownDifferences): Score {
  const isKnown = explained(known);
  const verdicts = asked.flatMap((set) => set.verdicts);
  const misses = missesOf(verdicts, isKnown);
  return {
    sets: asked.map((set) => setScore(set, isKnown)),
    rules: ruleScores(verdicts, isKnown),
    misses,
    noRuleYet: countBy(verdicts.flatMap(({ outcome }) => (outcome.is === "noRuleYet" ? outcome.missing : []))),
    failures: [
      ...asked.flatMap(({ failures }) => failures),
      ...misses.filter((miss) => miss.is !== "known").map(failureText),
      ...settled(asked, known),
    ],
  };
}

type IsKnown = (verdict: Verdict) => boolean;

function explained({ differences, traps }: KnownDifferences): IsKnown {
  const listed = new Set(differences.flatMap(({ set, cases }) => cases.map((name) => `${set}/${name}`)));
  return ({ set, case: name, trap }) =>
    trap === undefined ? listed.has(`${set}/${name}`) : Object.hasOwn(traps, trap) || listed.has(`${set}/${name}`);
}

function setScore({ set, cases, verdicts, notScored, files, objects }: AskedSet, isKnown: IsKnown): SetScore {
  return {
    set,
    cases: cases.length,
    ...tallies(verdicts, isKnown),
    noRuleYet: verdicts.filter(({ isObject, outcome }) => !isObject && outcome.is === "noRuleYet").length,
    notScored: Object.fromEntries([...notScored].sort(([a], [b]) => (a < b ? -1 : 1))),
    files,
    objects,
  };
}

function ruleScores(verdicts: readonly Verdict[], isKnown: IsKnown): readonly RuleScore[] {
  const byRule = new Map<string, Verdict[]>();
  for (const verdict of verdicts)
    for (const rule of new Set(verdict.asked)) byRule.set(rule, [...(byRule.get(rule) ?? []), verdict]);
  return [...byRule]
    .map(([rule, own]) => {
      const { verdicts: tally, single, traps } = tallies(own, isKnown);
      return { rule, ...tally, single, traps };
    })
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function tallies(verdicts: readonly Verdict[], isKnown: IsKnown): Pick<SetScore, "verdicts" | "single" | "traps"> {
  const scored = verdicts.filter(({ outcome }) => outcome.is !== "noRuleYet");
  const traps = scored.filter(({ trap }) => trap !== undefined);
  const plain = scored.filter(({ trap }) => trap === undefined);
  const [single, whole] = [true, false].map((is) => plain.filter(({ isObject }) => isObject === is));
  return {
    verdicts: tally(whole ?? [], isKnown),
    single: tally(single ?? [], isKnown),
    traps: tally(traps, isKnown),
  };
}

function tally(verdicts: readonly Verdict[], isKnown: IsKnown): Tally {
  return {
    total: verdicts.length,
    agree: verdicts.filter(({ outcome }) => outcome.is === "agrees").length,
    known: verdicts.filter((verdict) => verdict.outcome.is === "differs" && isKnown(verdict)).length,
  };
}

function missesOf(verdicts: readonly Verdict[], isKnown: IsKnown): readonly Miss[] {
  const missed = verdicts.filter(({ outcome }) => outcome.is === "differs" || outcome.is === "crashed");
  const byCase = Map.groupBy(missed, ({ set, case: name, outcome }) => `${set}/${name}/${outcome.is}`);
  return [...byCase.values()].flatMap((ofCase): Miss[] => {
    const [first] = ofCase;
    if (first === undefined || !("because" in first.outcome)) return [];
    const { set, case: name, asked, expected, trap, outcome } = first;
    const is = first.outcome.is === "crashed" ? "crashed" : isKnown(first) ? "known" : "unexplained";
    const releases = ofCase.map(({ release }) => release);
    const because = outcome.is === "differs" || outcome.is === "crashed" ? outcome.because : "";
    return [{ set, case: name, asked, releases, expected, ...(trap === undefined ? {} : { trap }), because, is }];
  });
}

function failureText({ set, case: name, releases, because, is, trap }: Miss): string {
  const when = releases.length > 1 ? ` (${releases.length} releases from ${releases[0] ?? ""})` : "";
  const what = is === "crashed" ? "crashed" : trap === undefined ? "differs" : `differs, trap ${trap}`;
  return `${set}/${name}${when} ${what}: ${because}`;
}

/** What the list names and what nobody disagrees on any more; sets that are not there are not asked for. */
function settled(asked: readonly AskedSet[], { differences }: KnownDifferences): readonly string[] {
  return differences.flatMap(({ set, cases }) => {
    const there = asked.find((one) => one.set === set);
    if (there === undefined) return [];
    return cases.flatMap((name) => {
      if (!there.cases.includes(name.replace(/#.*$/, "")))
        return [`${set}/${name} is on the list of known differences and is no case`];
      const outcomes = there.verdicts.filter((verdict) => verdict.case === name).map(({ outcome }) => outcome.is);
      if (outcomes.includes("differs") || outcomes.includes("crashed") || outcomes.includes("noRuleYet")) return [];
      return [`${set}/${name} is on the list of known differences and no longer differs: take it off`];
    });
  });
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
