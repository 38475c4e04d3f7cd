import { dump } from "js-yaml";
import { newestRelease } from "../../src/engine/release.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { type Fixture, readFixtures } from "../rule-fixtures.ts";
import { type Generator, notice } from "./generator.ts";
import { code, plain, table } from "./markdown.ts";
import { exampleOf, type Shown } from "./rule-examples.ts";
import { kindsText, packsText, paramRows, paramsText, severityMeanings } from "./rule-facts.ts";
import { cisBenchmark, standardsOf } from "./standards.ts";

/** A page for each rule, `docs/rules/<id>.md`: its fixtures are the examples. */
export const rulePages: Generator = {
  name: "rule-pages",
  outputs: async () => {
    const { rules } = await import("../../src/rules/index.generated.ts");
    const ids = new Set(rules.map(({ id }) => id));
    return new Map(rules.map((rule) => [`docs/rules/${rule.id}.md`, rulePage(rule, readFixtures(rule.id), ids)]));
  },
};

/**
 * The questions of a reader in their order: what, when, why, how to fix, how to except.
 * @param ids of all rules: what has a page is linked
 */
function rulePage(rule: Rule, fixtures: readonly Fixture[], ids: ReadonlySet<string>): string {
  const { id, category, why, references } = rule;
  const source = `src/rules/${category}/${id}.ts and test/rules/${id}`;
  return `${[
    `<!-- ${notice("rule-pages", source)} -->`,
    `# ${id}`,
    ...whatItAsks(rule, ids),
    "## When exactly",
    ...whenExactly(rule, fixtures),
    "## What goes wrong",
    why,
    "## How to fix it",
    ...howToFix(rule, fixtures),
    ...parameters(rule),
    "## How to except",
    ...howToExcept(rule, fixtures),
    ...names(rule),
    "## References",
    references.map((address) => `- <${address}>`).join("\n"),
  ].join("\n\n")}\n`;
}

function whatItAsks(rule: Rule, ids: ReadonlySet<string>): string[] {
  const { title, severity, category, kinds, conflictsWith = [] } = rule;
  const link = (id: string) => (ids.has(id) ? `[${code(id)}](${id}.md)` : code(id));
  const facts: string[][] = [
    ["**Severity**", `${severity}: ${severityMeanings[severity]}`],
    ["**Judges**", kindsText(kinds)],
    ["**Packs**", packsText(rule)],
    ["**Category**", `[${category}](README.md#${category})`],
  ];
  if (rule.scope === "inventory") facts.push(["**Reads**", rule.reads.map(readText).join(", ")]);
  if (conflictsWith.length > 0) facts.push(["**Contradicts**", conflictsWith.map(link).join(", ")]);
  return [`${title}.`, table(["", ""], facts)];
}

function readText(kind: string): string {
  return kind === "workloads" ? kindsText("workloads") : code(kind);
}

function whenExactly(rule: Rule, fixtures: readonly Fixture[]): string[] {
  const rows = fixtures.map((fixture) => [caseLink(rule, fixture), settings(fixture), verdict(fixture)]);
  return [
    ...notes(rule),
    "Each of these cases is a test; the manifests are behind the links.",
    table(["Case", "Parameters", "Verdict"], rows),
  ];
}

function notes(rule: Rule): string[] {
  const list: string[] = [];
  if (rule.manifestsOnly === true)
    list.push("It judges manifests only: on live objects the API server has overwritten what it asks about.");
  if (rule.scope === "inventory")
    list.push(
      "It needs siblings: in a cluster it is reported when it has held for a minute.",
      "It is silent while a kind that it reads cannot be read completely.",
    );
  return list;
}

function caseLink({ id }: Rule, { name, about }: Fixture): string {
  const text = name.replace(/^(?:pass|fail)-|\.yaml$/g, "").replaceAll("-", " ");
  return `[${text}](../../test/rules/${id}/${name})${about === undefined ? "" : `: ${about}`}`;
}

function settings({ params, release }: Fixture): string {
  const at = release.minor === newestRelease.minor ? "" : ` Kubernetes ${release.major}.${release.minor}`;
  return `${paramsText(params)}${at}`.trim();
}

function verdict({ expect }: Fixture): string {
  if (expect.length === 0) return "passes";
  return `**fails:** ${[...new Set(expect.map(({ text }) => plain(text)))].join("<br>")}`;
}

function howToFix(rule: Rule, fixtures: readonly Fixture[]): string[] {
  const example = exampleOf(rule, fixtures);
  const safe =
    rule.scope === "resource" && rule.autofix !== undefined
      ? ["Pawl knows a repair that changes nothing of what the object does."]
      : [];
  if (example === undefined) return [rule.fix, ...safe];
  const { before, after } = example;
  const reported = before.expect.map(({ on, path, text }) => `- ${code(on)} at ${code(path)}: ${plain(text)}`);
  return [
    rule.fix,
    ...safe,
    `Before${settingsOf(before)}:`,
    yaml(before.manifest),
    `What Pawl says:\n\n${reported.join("\n")}`,
    ...(after === undefined ? [] : ["After:", yaml(after.manifest)]),
  ];
}

function settingsOf({ params }: Shown): string {
  const text = paramsText(params);
  return text === "" ? "" : `, with${text}`;
}

function yaml(text: string): string {
  return `\`\`\`yaml\n${text.trim()}\n\`\`\``;
}

function parameters({ params }: Rule): string[] {
  const rows = paramRows(params);
  return rows.length === 0 ? [] : ["## Parameters", table(["Parameter", "Type", "Default", "What it sets"], rows)];
}

function howToExcept(rule: Rule, fixtures: readonly Fixture[]): string[] {
  const { id, packs, severity } = rule;
  const [pack] = Object.keys(packs);
  const params = fixtures.find((fixture) => Object.keys(fixture.params).length > 0)?.params;
  const override = [
    { id, ...(params === undefined ? { severity: severity === "Low" ? "Medium" : "Low" } : { params }) },
  ];
  const tuned = params === undefined ? "that rates it otherwise" : "that asks something else";
  return [
    ...(pack === undefined
      ? ["A Policy that enables it:", policy({ override })]
      : [
          "A Policy that takes a pack without the rule:",
          policy({ packs: [pack], disable: [id] }),
          `A Policy ${tuned}:`,
          policy({ packs: [pack], override }),
        ]),
    "What was there when a Policy took its [baseline](../guides/policies.md) is Known and stays quiet. Whole namespaces are left out under `match`.",
  ];
}

function policy(rules: object): string {
  const text = dump({ spec: { rules } }, { flowLevel: 6 });
  return yaml(text.replace(/^( *)(packs|disable):\n *- (\S+)$/gm, "$1$2: [$3]"));
}

function names(rule: Rule): string[] {
  const { cis, podSecurity, nsa } = standardsOf(rule);
  const rows = [
    ...(rule.aliases ?? []).map(({ id, params }) => ["Datree", `${code(id)}${paramsText(params)}`]),
    ...(podSecurity === "" ? [] : [["Pod Security Standards", podSecurity]]),
    ...(cis === "" ? [] : [[cisBenchmark, cis]]),
    ...(nsa ? [["NSA/CISA hardening guide", "yes"]] : []),
  ];
  return rows.length === 0 ? [] : ["## Elsewhere it is called", table(["", ""], rows)];
}
