import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** One object of a case with a verdict of its own; what is not given is not compared. */
const CaseObject = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  expected: z.enum(["fail", "pass"]),
});

const Case = z.looseObject({
  file: z.string(),
  /** What is asked, `a|b` for either of two; null where nobody asked anything. */
  concept: z.string().nullable(),
  /** The third party's identifier. */
  rule: z.string().nullable(),
  /** Null: no verdict. */
  expected: z.enum(["fail", "pass"]).nullable(),
  /** Releases for which the verdict holds. */
  kubernetes: z.array(z.string()).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  /** The verdict is a matter of definition: what kind of. */
  trap: z.string().optional(),
  /** The one check inside a level that the case is about. */
  check: z.string().optional(),
  objects: z.array(CaseObject).optional(),
});
export type OracleCase = z.infer<typeof Case>;
export type CaseObject = z.infer<typeof CaseObject>;

const Expectations = z.looseObject({ cases: z.record(z.string(), Case) });

const RuleUse = z.object({ rule: z.string(), params: z.record(z.string(), z.unknown()).default({}) });
export type RuleUse = z.infer<typeof RuleUse>;

const Concept = z.looseObject({
  rules: z.array(RuleUse),
  /** Other rules or parameters for one set. */
  sets: z.record(z.string(), z.array(RuleUse)).optional(),
  /** Why there are no rules. */
  reason: z.string().optional(),
});

const Concepts = z.record(z.string(), Concept);
const Identifiers = z.record(z.string(), RuleUse);

/** From what others ask to the rules that answer it. */
export interface ConceptMap {
  readonly concepts: Readonly<Record<string, z.infer<typeof Concept>>>;
  /** By set: identifiers that one rule answers to, which then decide in place of the concept. */
  readonly identifiers: Readonly<Record<string, Readonly<Record<string, RuleUse>>>>;
}

/** A folder of manifests with the verdicts that another project gives them. */
export interface OracleSet {
  readonly name: string;
  readonly folder: string;
  /** By name, sorted. */
  readonly cases: readonly (readonly [name: string, oracleCase: OracleCase])[];
}

export interface Oracles {
  readonly sets: readonly OracleSet[];
  readonly map: ConceptMap;
}

/** The folder does not hold what it should; the message says what and where. */
export class OracleFormatError extends Error {
  override readonly name = "OracleFormatError";
}

/** Every set in a folder, sorted by name: what has an `expectations.json` is one. Throws {@link OracleFormatError}. */
export function readOracles(folder: string): Oracles {
  if (!existsSync(folder)) throw new OracleFormatError(`${folder} is not there`);
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "expectations.json")))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) throw new OracleFormatError(`${folder} holds no folder with an expectations.json`);
  return {
    sets: names.map((name) => readSet(name, join(folder, name))),
    map: readMap(join(folder, "concept-map.json")),
  };
}

function readSet(name: string, folder: string): OracleSet {
  const { cases } = read(join(folder, "expectations.json"), Expectations);
  return { name, folder, cases: Object.entries(cases).sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Beside `concepts` every mapping is one of a set's identifiers. */
function readMap(file: string): ConceptMap {
  const { concepts, ...more } = read(file, z.looseObject({ concepts: Concepts }));
  const identifiers = Object.entries(more).flatMap(([set, value]) => {
    const parsed = Identifiers.safeParse(value);
    return parsed.success ? [[set, parsed.data] as const] : [];
  });
  return { concepts, identifiers: Object.fromEntries(identifiers) };
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  if (!existsSync(file)) throw new OracleFormatError(`${file} is not there`);
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  throw new OracleFormatError(`${file}: ${z.prettifyError(parsed.error)}`);
}
