import { z } from "zod";
import { namedKinds } from "../../src/engine/kind-scope.ts";
import { type PackMembership, spansOf } from "../../src/engine/pack-membership.ts";
import { followsRelease } from "../../src/engine/packs.ts";
import { createRegistry, type Registry } from "../../src/engine/registry.ts";
import type { Rule, RuleKinds } from "../../src/engine/rule.ts";
import { type Generator, notice } from "./generator.ts";
import { code, table } from "./markdown.ts";

/** Every built-in rule and pack, in `docs/reference/rules.md`. */
export const rulesReference: Generator = {
  name: "rules-reference",
  outputs: async () => {
    const { rules } = await import("../../src/rules/index.generated.ts");
    return new Map([["docs/reference/rules.md", page(createRegistry(rules))]]);
  },
};

function page(registry: Registry): string {
  const rules = [...registry.rules.values()];
  return `${[
    `<!-- ${notice("rules-reference", "src/rules")} -->`,
    "# Rules and packs",
    `The ${rules.length} built-in rules, each with what goes wrong without it, how to fix it, and its parameters. How to choose and tune them: [Writing a Policy](../guides/policies.md).`,
    table(
      ["Rule", "Severity", "Category", "What holds when it is met"],
      rules.map(({ id, severity, category, title }) => [`[${code(id)}](#${id})`, severity, category, title]),
    ),
    `*Workloads* are ${namedKinds("workloads").map(code).join(", ")}. Those that *run for ever* are all but Jobs, CronJobs and Pods whose restartPolicy is not Always.`,
    "## Packs",
    `A pack holds those of its rules that exist. A pack marked with *release* follows the Pod Security Standards through the releases of Kubernetes and can be pinned to one, such as ${code("pss-baseline@1.29")}; else it follows the cluster's.`,
    table(
      ["Pack", "What it is", "Rules", ""],
      [...registry.packs.values()].map((pack) => [
        code(pack.name),
        pack.description,
        [...pack.rules.keys()].map(code).join(", "),
        followsRelease(pack.name) ? "release" : "",
      ]),
    ),
    ...rules.flatMap(section),
  ].join("\n\n")}\n`;
}

function section(rule: Rule): string[] {
  const { id, title, severity, category, kinds, packs, conflictsWith = [], aliases = [], references, why, fix } = rule;
  const facts: string[][] = [
    ["severity", severity],
    ["category", category],
    ["judges", kindsText(kinds, rule.manifestsOnly === true)],
    ["packs", Object.entries(packs).map(packText).join(", ") || "none: an override enables it"],
    ...(rule.scope === "inventory" ? [["reads", rule.reads.map(code).join(", ")]] : []),
    ...(conflictsWith.length > 0 ? [["contradicts", conflictsWith.map(code).join(", ")]] : []),
    ...(aliases.length > 0 ? [["answers to", aliases.map((alias) => code(alias.id)).join(", ")]] : []),
  ];
  const params = paramRows(rule.params);
  return [
    `## ${id}`,
    `${title}.`,
    table(["", ""], facts),
    why,
    `**Fix.** ${fix}`,
    ...(rule.scope === "inventory" ? [inventoryNote] : []),
    ...(params.length > 0 ? [table(["Parameter", "Type", "Default", "What it sets"], params)] : []),
    ...(references.length > 0 ? [references.map((address) => `- <${address}>`).join("\n")] : []),
  ];
}

function packText([pack, membership]: [string, PackMembership[string]]): string {
  const spans = spansOf(membership).map(({ from, to }) => {
    if (to === undefined) return `from ${from}`;
    return from === undefined ? `to ${to}` : `${from} to ${to}`;
  });
  // Spans that meet differ in parameters alone.
  return spans.length === 1 ? `${code(pack)} (${spans[0]})` : code(pack);
}

const inventoryNote =
  "It needs siblings: it is reported when it has held for a minute, and is silent while a kind that it reads cannot be read completely.";

function kindsText(kinds: RuleKinds, manifestsOnly: boolean): string {
  return `${ofWhat(kinds)}${manifestsOnly ? "; in manifests only, never in a live cluster" : ""}`;
}

function ofWhat(kinds: RuleKinds): string {
  switch (kinds) {
    case "workloads":
      return "every workload";
    case "longRunning":
      return "workloads that run for ever";
    case "any":
      return "every kind in scope";
    default:
      return kinds.map(code).join(", ");
  }
}

/** What Zod writes for the schema of parameters; only what is read here. */
interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
}

function paramRows(params: z.ZodType): string[][] {
  const { properties = {} } = z.toJSONSchema(params, { io: "input", unrepresentable: "any" }) as Node;
  return Object.entries(properties).map(([name, node]) => [
    code(name),
    typeText(node),
    node.default === undefined ? "" : code(JSON.stringify(node.default)),
    node.description ?? "",
  ]);
}

function typeText({ type, enum: values, anyOf, items, properties }: Node): string {
  if (values !== undefined) return values.map((value) => code(String(value))).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(" or ");
  if (items !== undefined) return `list of ${typeText(items)}`;
  if (properties !== undefined) return `{ ${Object.keys(properties).join(", ")} }`;
  return typeof type === "string" ? type : (type?.join(" or ") ?? "any");
}
