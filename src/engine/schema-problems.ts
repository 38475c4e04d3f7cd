import type { z } from "zod";
import { suggestion } from "./nearest.ts";
import { fieldsOf, schemaAt } from "./schema-fields.ts";

/** One mistake in a value, at a field path such as `spec.rules.override[1].params.registries`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export type SchemaResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads a value by its schema.
 * @param at path of the value in what the user wrote: `spec`
 */
export function readBySchema<S extends z.ZodType>(schema: S, value: unknown, at: string): SchemaResult<z.output<S>> {
  const unknown = unknownFields(schema, value, at);
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return unknown.length === 0 ? { ok: true, value: read.data } : { ok: false, problems: unknown };
  const issues = read.error.issues.flatMap((issue) => problemsOf(schema, issue, at, unknown.length > 0));
  return { ok: false, problems: [...unknown, ...issues] };
}

/** `spec` and `["rules", "override", 1]` → `spec.rules.override[1]`. */
export function fieldPath(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, step) => {
    if (typeof step === "number") return `${field}[${step}]`;
    const name = String(step);
    return /^[\w-]+$/.test(name) ? `${field}.${name}` : `${field}[${JSON.stringify(name)}]`;
  }, at);
}

/** Fields that a schema does not know; asked here too because a schema that is not strict would drop them silently. */
function unknownFields(schema: z.ZodType, value: unknown, at: string): FieldProblem[] {
  const known = fieldsOf(schema);
  if (known === undefined || typeof value !== "object" || value === null) return [];
  return Object.keys(value)
    .filter((name) => !known.has(name))
    .map((name) => unknownField(name, known.keys(), fieldPath(at, [name])));
}

function problemsOf(schema: z.ZodType, issue: z.core.$ZodIssue, at: string, rootIsKnown: boolean): FieldProblem[] {
  if (issue.code === "unrecognized_keys") {
    if (issue.path.length === 0 && rootIsKnown) return [];
    const known = [...(fieldsOf(schemaAt(schema, issue.path))?.keys() ?? [])];
    return issue.keys.map((name) => unknownField(name, known, fieldPath(at, [...issue.path, name])));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return [unionProblem(issue, at)];
  const field = fieldPath(at, issue.path);
  if (issue.code === "invalid_type" && issue.input === undefined)
    return [{ field, message: `is missing: expected ${issue.expected}` }];
  return [{ field, message: issue.message }];
}

/** The branch that got furthest is the one that was meant. */
function unionProblem(issue: z.core.$ZodIssueInvalidUnion, at: string): FieldProblem {
  const reasons = issue.errors.flatMap((branch) => branch.slice(0, 1));
  const deepest = reasons.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  const meant = deepest.path.length > 0 ? [deepest] : reasons;
  return {
    field: fieldPath(at, [...issue.path, ...deepest.path]),
    message: [...new Set(meant.map(({ message }) => message))].join(", or "),
  };
}

function unknownField(name: string, known: Iterable<string>, field: string): FieldProblem {
  const names = [...known];
  const near = suggestion(name, names);
  const advice = near === "" && names.length > 0 ? `; it can be ${names.sort().join(", ")}` : near;
  return { field, message: `${JSON.stringify(name)} is not known${advice}` };
}
