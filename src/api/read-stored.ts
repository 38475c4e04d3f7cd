import type { z } from "zod";
import { type FieldProblem, formatPath, problemsOf } from "./field-problem.ts";
import type { Immutable } from "./immutable.ts";

/** What could be read of a stored object. */
export type Reading<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** What was left out because it could not be read; empty for every object that this version wrote. */
      readonly dropped: readonly FieldProblem[];
    }
  | { readonly ok: false; readonly dropped: readonly FieldProblem[] };

type Path = readonly PropertyKey[];

/**
 * Reads an object that the API server stored, whoever wrote it: an older or newer version of us, or a person.
 * What does not fit is left out: the innermost list item around it, for an item that is half understood would say
 * something else; outside of lists the field or map entry. Not `ok` if the object means nothing without it, such as its name.
 * Never throws and never changes `stored`.
 */
export function readStored<S extends z.ZodType>(
  definition: { readonly schema: S },
  stored: unknown,
): Reading<Immutable<z.output<S>>> {
  const { schema } = definition;
  const dropped: FieldProblem[] = [];
  const left = new Set<string>();
  let rest = stored;
  // Every round removes something or ends, so the depth of the object bounds their number.
  for (;;) {
    const parsed = schema.safeParse(rest, { reportInput: true });
    // Read-only is a promise of the type alone, which the compiler cannot see through a type parameter.
    if (parsed.success) return { ok: true, value: parsed.data as Immutable<z.output<S>>, dropped };
    // That something is missing which was left out before is no news.
    dropped.push(...problemsOf(parsed.error.issues, "").filter(({ path }) => !left.has(path)));
    const paths = parsed.error.issues.flatMap((issue) => removable(issue, rest));
    if (paths.some((path) => path.length === 0)) return { ok: false, dropped };
    for (const path of paths) left.add(formatPath("", path));
    rest = without(rest, paths);
  }
}

/** The pieces to leave out because of an issue; the empty path stands for the object as a whole. */
function removable(issue: z.core.$ZodIssue, root: unknown): Path[] {
  const item = issue.path.findLastIndex((key) => typeof key === "number");
  if (item !== -1) return [issue.path.slice(0, item + 1)];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...issue.path, key]);
  return [valueAt(root, issue.path) === undefined ? issue.path.slice(0, -1) : issue.path];
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce((value, key) => (isContainer(value) ? value[key] : undefined), root);
}

function isContainer(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

/** A copy that lacks what stands at these paths; none of them is empty. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0 || !isContainer(value)) return value;
  const below = new Map<string, { gone: boolean; deeper: Path[] }>();
  for (const [key, ...tail] of paths) {
    const at = below.get(String(key)) ?? { gone: false, deeper: [] };
    if (tail.length === 0) at.gone = true;
    else at.deeper.push(tail);
    below.set(String(key), at);
  }
  const kept = Object.entries(value)
    .filter(([key]) => below.get(key)?.gone !== true)
    .map(([key, item]): [string, unknown] => [key, without(item, below.get(key)?.deeper ?? [])]);
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}
