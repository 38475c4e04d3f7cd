import type { z } from "zod";
import { type FieldProblem, formatPath, problemsOf } from "../api/field-problem.ts";
import { suggestion } from "./nearest.ts";
import type { RawParams } from "./pack-membership.ts";
import { fieldsOf } from "./schema-fields.ts";

export type ReadParams =
  | { readonly ok: true; readonly params: unknown }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads the parameters of a rule by its schema.
 * @param at path of the parameters in what the user wrote: `spec.rules.override[1].params`
 */
export function readParams(schema: z.ZodType, params: RawParams, at: string): ReadParams {
  const known = fieldsOf(schema);
  // Asked here and not only of the schema, because one that is not strict drops what it does not know.
  const unknown = known === undefined ? [] : Object.keys(params).filter((name) => !known.has(name));
  const read = schema.safeParse(params, { reportInput: true });
  if (read.success && unknown.length === 0) return { ok: true, params: read.data };
  const issues = (read.error?.issues ?? []).flatMap(innermost);
  const others = issues.filter(
    ({ code, path }) => code !== "unrecognized_keys" || path.length > 0 || known === undefined,
  );
  const misspelt = unknown.map((name) => unknownParam(name, known ?? [], at));
  return { ok: false, problems: [...misspelt, ...problemsOf(others, at)] };
}

function unknownParam(name: string, known: Iterable<string>, at: string): FieldProblem {
  const names = [...known].sort();
  const near = suggestion(name, names);
  const all = names.length === 0 ? "; the rule takes none" : `; the rule takes ${names.join(", ")}`;
  return { path: formatPath(at, [name]), message: `is not a parameter of the rule${near === "" ? all : near}` };
}

/** Of a union that fits in no form, the form that fitted longest is the one that was meant. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const depth = (branch: readonly z.core.$ZodIssue[]) => Math.max(0, ...branch.map(({ path }) => path.length));
  const meant = issue.errors.reduce<readonly z.core.$ZodIssue[]>((a, b) => (depth(b) > depth(a) ? b : a), []);
  if (meant.length === 0) return issue.errors[0]?.map((inner) => within(issue, inner)) ?? [issue];
  return meant.map((inner) => within(issue, inner)).flatMap(innermost);
}

function within(outer: z.core.$ZodIssue, inner: z.core.$ZodIssue): z.core.$ZodIssue {
  return { ...inner, path: [...outer.path, ...inner.path] };
}
