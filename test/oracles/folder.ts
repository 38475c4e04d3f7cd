import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { defineInventoryRule, defineRule, type Rule } from "../../src/engine/rule.ts";
import { fieldsAt, textAt } from "../../src/engine/views/fields.ts";
import { type AskedSet, askAll } from "../../tools/oracles/ask.ts";
import type { KnownDifferences } from "../../tools/oracles/known-differences.ts";
import { readOracles } from "../../tools/oracles/oracle-set.ts";
import { type Score, score } from "../../tools/oracles/score.ts";

/** A folder of oracles that a test makes up: files by path below it; what is no text is written as JSON. */
export class OracleFolder {
  readonly path = mkdtempSync(join(tmpdir(), "pawl-oracles-"));

  constructor(files: Readonly<Record<string, unknown>>) {
    for (const [name, content] of Object.entries(files)) {
      const file = join(this.path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

export const nothingKnown: KnownDifferences = { differences: [], traps: {} };

/** Asks the cases of one set, `made-up`, and scores the answers. */
export function scored(
  cases: Readonly<Record<string, object>>,
  files: Readonly<Record<string, string>>,
  map: object,
  known: KnownDifferences = nothingKnown,
): { readonly score: Score; readonly asked: readonly AskedSet[] } {
  using folder = new OracleFolder({
    "concept-map.json": map,
    "made-up/expectations.json": { _meta: {}, cases },
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`made-up/${name}`, text])),
  });
  const asked = askAll(readOracles(folder.path), madeUpRules);
  return { score: score(asked, known), asked };
}

export function configMap(name: string, data: Readonly<Record<string, string>> = {}, namespace = "shop"): string {
  return `${JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data })}\n---\n`;
}

const about = {
  revision: 1,
  category: "metadata",
  severity: "Low",
  why: "It is made up.",
  fix: "Make up something else.",
  references: ["https://example.com"],
} as const;

/** Rules that look at ConfigMaps, so that nothing here follows the real ones. */
export const madeUpRules: readonly Rule[] = [
  defineRule({
    ...about,
    id: "no-word",
    title: "Without the word",
    kinds: ["ConfigMap"],
    packs: { "pss-baseline": {} },
    params: z.strictObject({ word: z.string().default("bad"), release: z.string().optional() }),
    messages: { word: "says {word}" },
    check({ resource, params: { word }, context, report }) {
      const said = textAt(resource.object, "data", "word");
      // From 1.20 on it is strict.
      if (said === word || (said === `very ${word}` && context.release.minor >= 20))
        report("word", { path: "data.word", data: { word } });
      if (said === "throw") throw new Error("it was said");
    },
  }),
  defineRule({
    ...about,
    id: "has-data",
    title: "With data",
    kinds: "any",
    packs: {},
    params: z.strictObject({}),
    messages: { none: "has no data" },
    check({ resource, report }) {
      if (Object.keys(fieldsAt(resource.object, "data") ?? {}).length === 0) report("none", { path: "data", data: {} });
    },
  }),
  defineInventoryRule({
    ...about,
    id: "next-exists",
    title: "The next one exists",
    kinds: ["ConfigMap"],
    packs: {},
    params: z.strictObject({}),
    messages: { missing: "next {name} is missing" },
    reads: ["ConfigMap"],
    collect: ({ resource }) => textAt(resource.object, "data", "next"),
    check({ id, subject, inventory, report }) {
      if (inventory.get("ConfigMap", id.namespace, subject) === undefined)
        report("missing", { path: "data.next", data: { name: subject } });
    },
  }),
];
