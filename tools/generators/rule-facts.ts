import { z } from "zod";
import { type PackMembership, packParams, spansOf } from "../../src/engine/pack-membership.ts";
import { newestRelease } from "../../src/engine/release.ts";
import type { KindName } from "../../src/engine/resource.ts";
import type { Rule, RuleKinds } from "../../src/engine/rule.ts";
import { workloadKinds } from "../../src/engine/views/workload-kinds.ts";
import { code } from "./markdown.ts";

/** What a severity means: the worst thing that the violation alone allows. */
export const severityMeanings = {
  Critical: "takes over a node or the cluster, discloses a live credential, or certainly breaks the next upgrade",
  High: "removes an isolation boundary, or makes an outage, a data loss or a rejected object follow from an everyday event",
  Medium: "a layer of defence or a safety net is missing; harm needs a second fault",
  Low: "hygiene, convention, cost, opinion",
} as const;

export function kindsText(kinds: RuleKinds): string {
  switch (kinds) {
    case "workloads":
      return "every [workload](README.md#what-rules-look-at)";
    case "longRunning":
      return "[workloads](README.md#what-rules-look-at) that run for ever";
    case "any":
      return "every kind in scope";
    default:
      return listedKinds(kinds);
  }
}

/** All workload kinds together are one word. */
function listedKinds(kinds: readonly KindName[]): string {
  const all = workloadKinds.every((kind) => kinds.includes(kind));
  const rest = all ? kinds.filter((kind) => !workloadKinds.includes(kind)) : kinds;
  return [...(all ? [kindsText("workloads")] : []), ...rest.map(code)].join(", ");
}

/** Names of packs, each with the parameters that it brings, or the releases in which it holds the rule. */
export function packsText({ packs }: Rule): string {
  const texts = Object.entries(packs).map(
    ([pack, membership]) => `${code(pack)}${paramsText(packParams(membership, newestRelease))}${spanText(membership)}`,
  );
  return texts.length === 0 ? "none: an override enables it" : texts.join(", ");
}

/** ` (from 1.8)`, with a space before it; empty where the rule always belongs to the pack. */
export function spanText(membership: PackMembership[string]): string {
  const spans = spansOf(membership);
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return "";
  // Spans that meet differ in parameters alone.
  if (first.from === undefined && last.to === undefined) return "";
  if (last.to === undefined) return ` (from ${first.from})`;
  return first.from === undefined ? ` (to ${last.to})` : ` (${first.from} to ${last.to})`;
}

/** ` {kinds: ["Deployment"]}` in code, with a space before it; empty where nothing is set. */
export function paramsText(params: Readonly<Record<string, unknown>> | undefined): string {
  const set = Object.entries(params ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return set.length === 0 ? "" : ` ${code(`{${set.join(", ")}}`)}`;
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

/** Name, type, default and description of each parameter. */
export function paramRows(params: z.ZodType): string[][] {
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
