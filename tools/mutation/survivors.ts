import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { z } from "zod";

const expression = z.string().transform((text) => new RegExp(text));

const KnownSurvivor = z.strictObject({
  /** Why nothing can kill them, or why nobody should. */
  why: z.string().min(1),
  /** Regular expressions, of which each given one must match. */
  file: expression.optional(),
  /** Of the line on which the mutant begins. */
  line: expression.optional(),
  /** Of what stands in place of the code. */
  becomes: expression.optional(),
});
/** One reason, and the mutants that it covers. */
export type KnownSurvivor = z.infer<typeof KnownSurvivor>;

const KnownSurvivors = z.strictObject({ survivors: z.array(KnownSurvivor) });

/** Where a mutant is, and what it makes of it. */
export interface MutantPlace {
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
}

const list = new URL("survivors.yaml", import.meta.url);

/** What the committed list gives reasons for. */
export function readKnownSurvivors(): readonly KnownSurvivor[] {
  return KnownSurvivors.parse(load(readFileSync(list, "utf8"))).survivors;
}

export function covers({ file, line, becomes }: KnownSurvivor, place: MutantPlace): boolean {
  return (file?.test(place.file) ?? true) && (line?.test(place.line) ?? true) && (becomes?.test(place.becomes) ?? true);
}
