import { severities } from "../../src/api/severity.ts";
import { namedKinds } from "../../src/engine/kind-scope.ts";
import { followsRelease } from "../../src/engine/packs.ts";
import { createRegistry, type Registry } from "../../src/engine/registry.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { type Generator, notice } from "./generator.ts";
import { code, table } from "./markdown.ts";
import { paramsText, severityMeanings, spanText } from "./rule-facts.ts";
import { cisBenchmark, standardsOf } from "./standards.ts";

/** The way to every rule's page, by category, pack, severity, Datree's identifiers and standards: `docs/rules/README.md`. */
export const rulesCatalogue: Generator = {
  name: "rules-catalogue",
  outputs: async () => {
    const { rules } = await import("../../src/rules/index.generated.ts");
    return new Map([["docs/rules/README.md", catalogue(createRegistry(rules))]]);
  },
};

function catalogue(registry: Registry): string {
  const rules = [...registry.rules.values()];
  return `${[
    `<!-- ${notice("rules-catalogue", "src/rules")} -->`,
    "# Rules and packs",
    `The ${rules.length} built-in rules. Each has a page: what it asks, when exactly it fails, what goes wrong, how to fix it, how to except. How to choose and tune them: [Writing a Policy](../guides/policies.md).`,
    "[By category](#by-category) · [by pack](#by-pack) · [by severity](#by-severity) · [from Datree](#from-datree) · [standards](#standards)",
    "## What rules look at",
    `*Workloads* are ${namedKinds("workloads").map(code).join(", ")}. Those that *run for ever* are all but Jobs, CronJobs and Pods whose restartPolicy is not Always. Rules judge effective values: what the API server would fill in counts as set, so a manifest and the live object that it becomes get the same verdict.`,
    "## By category",
    ...byCategory(rules),
    "## By pack",
    ...byPack(registry),
    "## By severity",
    ...bySeverity(rules),
    "## From Datree",
    ...fromDatree(rules),
    "## Standards",
    ...standards(rules),
  ].join("\n\n")}\n`;
}

function link({ id }: Rule): string {
  return `[${code(id)}](${id}.md)`;
}

function byCategory(rules: readonly Rule[]): string[] {
  const groups = [...Map.groupBy(rules, ({ category }) => category)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.flatMap(([category, own]) => [
    `### ${category}`,
    table(
      ["Rule", "Severity", "What holds when it is met", "Packs"],
      own.map((rule) => [link(rule), rule.severity, rule.title, Object.keys(rule.packs).map(code).join(", ")]),
    ),
  ]);
}

function byPack({ rules, packs }: Registry): string[] {
  return [
    `A pack marked with *release* follows the Pod Security Standards through the releases of Kubernetes and can be pinned to one, such as ${code("pss-baseline@1.29")}; else it follows the cluster's.`,
    table(
      ["Pack", "What it is", "Rules", ""],
      [...packs.values()].map((pack) => [
        code(pack.name),
        pack.description,
        String(pack.rules.size),
        followsRelease(pack.name) ? "release" : "",
      ]),
    ),
    ...[...packs.values()].flatMap((pack) => [
      `### Pack ${pack.name}`,
      [...pack.rules]
        .flatMap(([id, params]) => {
          const rule = rules.get(id);
          return rule === undefined
            ? []
            : [`${link(rule)}${paramsText(params)}${spanText(rule.packs[pack.name] ?? {})}`];
        })
        .join(" · ") || "No rule yet.",
    ]),
  ];
}

function bySeverity(rules: readonly Rule[]): string[] {
  return severities.flatMap((severity) => {
    const own = rules.filter((rule) => rule.severity === severity);
    return own.length === 0
      ? []
      : [`### ${severity}`, `${capital(severityMeanings[severity])}.`, own.map(link).join(" · ")];
  });
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function fromDatree(rules: readonly Rule[]): string[] {
  const rows = rules.flatMap((rule) =>
    (rule.aliases ?? []).map(({ id, params }) => [code(id), link(rule), paramsText(params).trim()]),
  );
  return [
    "Each identifier is answered by one rule; the parameters make it ask the same thing.",
    table(
      ["Datree's identifier", "Rule", "Parameters"],
      rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
    ),
  ];
}

function standards(rules: readonly Rule[]): string[] {
  const rows = rules.flatMap((rule) => {
    const { cis, podSecurity, nsa } = standardsOf(rule);
    return cis === "" && podSecurity === "" && !nsa ? [] : [[link(rule), podSecurity, cis, nsa ? "yes" : ""]];
  });
  return [
    `Pod Security Standards: <https://kubernetes.io/docs/concepts/security/pod-security-standards/>. CIS: section of the ${cisBenchmark}, <https://www.cisecurity.org/benchmark/kubernetes>. NSA: the hardening guide, <https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF>.`,
    table(["Rule", "Pod Security Standards", "CIS", "NSA/CISA"], rows),
  ];
}
