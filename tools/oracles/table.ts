import type { Miss, RuleScore, Score, SetScore, Tally } from "./score.ts";

/** The score as a reader on a terminal wants it: sets, rules with their misses, what fails. */
export function scoreText(score: Score): string {
  const waiting = Object.entries(score.noRuleYet);
  return [
    columns(setHead, score.sets.map(setRow)),
    columns(ruleHead, score.rules.map(ruleRow)),
    ...(score.misses.length > 0 ? [["Where we part:", ...score.misses.map(missText)].join("\n")] : []),
    `No rule yet: ${waiting.length}${waiting.map(([id, count]) => `\n  ${id} (${count} verdicts)`).join("")}`,
    score.failures.length === 0
      ? "Nothing unexplained."
      : [`Unexplained: ${score.failures.length}`, ...score.failures.map((line) => `  ${line}`)].join("\n"),
  ].join("\n\n");
}

const setHead = [
  "set",
  "cases",
  "verdicts",
  "agree",
  "known",
  "open",
  "objects",
  "traps",
  "no rule yet",
  "not scored",
  "judged",
];

function setRow({ set, cases, verdicts, single, traps, noRuleYet, notScored, objects }: SetScore): readonly string[] {
  const left = Object.values(notScored).reduce((sum, count) => sum + count, 0);
  return [set, cases, ...tallyCells(verdicts), shareCell(single), shareCell(traps), noRuleYet, left, objects].map(
    String,
  );
}

const ruleHead = ["rule or pack", "verdicts", "agree", "known", "open", "objects", "traps"];

function ruleRow({ rule, single, traps, ...tally }: RuleScore): readonly string[] {
  return [rule, ...tallyCells(tally), shareCell(single), shareCell(traps)].map(String);
}

function tallyCells({ total, agree, known }: Tally): readonly number[] {
  return [total, agree, known, total - agree - known];
}

function shareCell({ total, agree }: Tally): string {
  return total === 0 ? "" : `${agree}/${total}`;
}

function missText({ set, case: name, asked, releases, trap, because, is }: Miss): string {
  const when = releases.length > 1 ? ` ${releases[0] ?? ""}…${releases.at(-1) ?? ""}` : "";
  const kind = trap === undefined ? is : `trap ${trap}${is === "known" ? "" : `, ${is}`}`;
  return `  ${set}/${name}${when} [${kind}] ${asked.join(", ")}: ${because}`;
}

/** Left column flush left, the others flush right. */
function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}
