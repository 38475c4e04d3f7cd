import { loadAll, YAMLException } from "js-yaml";
import { kubernetesSchema } from "./kubernetes-schema.ts";
import type { ManifestProblemCode } from "./problem.ts";

/** A problem inside one document; line and column counted from 0. */
export interface DocumentProblem {
  readonly code: ManifestProblemCode;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What one document holds. `more` documents after a line `...` are none to Kubernetes, which reads the first only. */
export type ParsedDocument =
  | { readonly ok: true; readonly value: unknown; readonly more: boolean }
  | { readonly ok: false; readonly problem: DocumentProblem };

const schema = kubernetesSchema();
/** Schemas in CRDs nest deeply; what is deeper than this is an attack. */
const maxDepth = 1_000;
/** js-yaml tells its errors apart by nothing but these words; its version is pinned. */
const reasons = { deficientIndentation: "deficient indentation", duplicateKey: "duplicated mapping key" };
/** How many lines of one document may be indented, each at the price of reading it again. */
const maxIndented = 200;

/** Reads one YAML document. Never throws: what is wrong comes back as a problem. */
export function parseDocument(text: string): ParsedDocument {
  const lines = { text, indented: new Map<number, number>() };
  for (;;) {
    try {
      const [value, ...more] = loadAll(lines.text, { schema, maxDepth, maxTotalMergeKeys: 100_000 });
      const problem = unfit(value);
      return problem === undefined ? { ok: true, value, more: more.length > 0 } : { ok: false, problem };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const line = error.mark?.line ?? 0;
      if (error.reason === reasons.deficientIndentation && lines.indented.size < maxIndented && indent(lines, line))
        continue;
      return { ok: false, problem: problemOf(error, lines.indented.get(line) ?? 0) };
    }
  }
}

/**
 * Inside quotes and brackets Kubernetes' reader does not look at the indentation of a line, a YAML 1.2 reader does: it gets
 * the line with more. False where that did not help.
 */
function indent(lines: { text: string; readonly indented: Map<number, number> }, line: number): boolean {
  if (lines.indented.has(line)) return false;
  let start = 0;
  for (let skipped = 0; skipped < line; skipped++) start = lines.text.indexOf("\n", start) + 1;
  const before = lines.text.slice(0, start);
  // Deeper than any line so far: whatever is open, this line is inside.
  const width = 1 + Math.max(0, ...[...before.matchAll(/^ */gm)].map(([blanks]) => blanks.length));
  lines.text = `${before}${" ".repeat(width)}${lines.text.slice(start)}`;
  lines.indented.set(line, width);
  return true;
}

function problemOf({ reason, mark }: YAMLException, indented: number): DocumentProblem {
  const at = { line: mark?.line ?? 0, column: Math.max(0, (mark?.column ?? 0) - indented) };
  if (reason === reasons.duplicateKey) {
    const [key = "the key"] = /^[^"'\s:]+/.exec(mark?.buffer.slice(mark.position) ?? "") ?? [];
    return { code: "DuplicateKey", ...at, message: `${key} stands twice in this mapping: remove one of the two` };
  }
  return { code: "Syntax", ...at, message: `is no YAML that Kubernetes reads: ${reason}` };
}

/** As many values as aliases may unfold into; what is written out has no limit. */
const maxUnfolded = 1_000_000;

/** What no JSON can hold, or only at a size that nobody wants. The place is not known: it is the document's beginning. */
function unfit(value: unknown): DocumentProblem | undefined {
  const at = { line: 0, column: 0 };
  const sizes = new Map<object, number | "open">();
  let written = 0;
  let problem: DocumentProblem | undefined;
  const sizeOf = (one: unknown): number => {
    const known = typeof one === "object" && one !== null ? sizes.get(one) : undefined;
    if (typeof known === "number") return known;
    if (known === "open") problem ??= { code: "ExcessiveAliases", ...at, message: holdsItself };
    written++;
    if (typeof one === "number" && !Number.isFinite(one)) problem ??= { code: "NotJson", ...at, message: notFinite };
    if (typeof one !== "object" || one === null || known === "open") return 1;
    sizes.set(one, "open");
    const size = Object.values(one).reduce<number>((sum, inner) => sum + sizeOf(inner), 1);
    sizes.set(one, size);
    return size;
  };
  const size = sizeOf(value);
  if (size > maxUnfolded && size > 10 * written)
    return { code: "ExcessiveAliases", ...at, message: `its aliases unfold into ${size} values: write fewer of them` };
  return problem;
}

const holdsItself = "holds an alias to what it stands in: write the value out";
const notFinite = "holds an infinity or .nan, which JSON cannot hold: quote it";
