import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { z } from "zod";

const KnownDifference = z.strictObject({
  set: z.string(),
  /** One name, or several that one line decides. */
  cases: z.array(z.string()).min(1),
  /** The line of the specification that decides for us. */
  decided: z.string().min(1),
  /** What the case wants instead, and why that is not asked. */
  why: z.string().min(1),
});
export type KnownDifference = z.infer<typeof KnownDifference>;

const KnownDifferences = z.strictObject({
  differences: z.array(KnownDifference),
  /** Kinds of verdicts that are a matter of definition, each with what decides it. */
  traps: z.record(z.string(), z.string()),
});
export type KnownDifferences = z.infer<typeof KnownDifferences>;

/** The list that is committed. */
export const listOfKnownDifferences = new URL("known-differences.yaml", import.meta.url);

/** Throws where the file is not such a list, or names a case twice. */
export function readKnownDifferences(file: URL | string): KnownDifferences {
  const list = KnownDifferences.parse(load(readFileSync(file, "utf8")));
  const names = list.differences.flatMap(({ set, cases }) => cases.map((name) => `${set}/${name}`));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) throw new Error(`${String(file)} names twice: ${twice.join(", ")}`);
  return list;
}
