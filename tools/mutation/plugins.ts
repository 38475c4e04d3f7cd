import type { NodePath } from "@stryker-mutator/api/ignore";
import { declareClassPlugin, declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { CheckRunner } from "./check-runner.ts";

/** What of Babel's paths is read here. */
interface SyntaxPath extends NodePath {
  readonly node: SyntaxNode;
  readonly parentPath?: SyntaxPath | null;
}

interface SyntaxNode {
  readonly type: string;
  readonly key?: { readonly name?: string };
  readonly callee?: {
    readonly name?: string;
    readonly property?: { readonly name?: string };
  };
}

/** Fields of a rule that say something about it and decide no verdict; what of them the catalogue knows is compared with it. */
const descriptive: ReadonlySet<string> = new Set([
  "id",
  "revision",
  "title",
  "category",
  "severity",
  "why",
  "fix",
  "packs",
  "conflictsWith",
  "aliases",
  "references",
]);

function shouldIgnore(path: NodePath): string | undefined {
  const { node, parentPath } = path as SyntaxPath;
  const call = parentPath?.parentPath?.node;
  if (
    node.type === "ObjectProperty" &&
    descriptive.has(node.key?.name ?? "") &&
    (call?.callee?.name === "defineRule" || call?.callee?.name === "defineInventoryRule")
  )
    return "says something about the rule and decides no verdict";
  if (parentPath?.node.type === "CallExpression" && parentPath.node.callee?.property?.name === "describe")
    return node.type.endsWith("Literal") ? "describes a parameter" : undefined;
  return undefined;
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, "checks", CheckRunner),
  declareValuePlugin(PluginKind.Ignore, "descriptions", { shouldIgnore }),
];
