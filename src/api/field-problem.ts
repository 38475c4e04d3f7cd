import type { z } from "zod";

/** Something wrong at one place of an object. */
export interface FieldProblem {
  /** As the API server writes it: `spec.rules.override[0].severity`. Empty for the object as a whole. */
  readonly path: string;
  /** What is wrong there and what to do, to be read after the path. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/**
 * The problems behind what a Zod parse found wrong, in order of their paths.
 * @param issues of a parse with `reportInput: true`
 * @param root where the parsed value stands, such as `spec`
 */
export function problemsOf(issues: readonly Issue[], root: string): FieldProblem[] {
  return issues
    .flatMap((issue) => explain(issue, root))
    .sort((a, b) => compare(a.path, b.path) || compare(a.message, b.message));
}

/** Writes a path as the API server does: fields by dot, list items by index, map entries by key in brackets. */
export function formatPath(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return text === "" ? key : `${text}.${key}`;
    return `${text}[${String(key)}]`;
  }, root);
}

function explain(issue: Issue, root: string): FieldProblem[] {
  const path = formatPath(root, issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: formatPath(root, [...issue.path, key]),
      message: "is not a known field: check its spelling, or remove it",
    }));
  return [{ path, message: message(issue) }];
}

function message(issue: Issue): string {
  if (issue.code !== "custom" && "input" in issue && issue.input === undefined) return "is required: add it";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeName(issue.expected)}, not ${show(issue.input)}`;
    case "invalid_value":
      return `${show(issue.input)} is not allowed here: write ${issue.values.map(String).join(", or ")}`;
    case "too_big":
      return `${size(issue.input)}: at most ${issue.maximum} allowed`;
    case "too_small":
      return `${size(issue.input)}: at least ${issue.minimum} needed`;
    case "invalid_format":
      return `${show(issue.input)} is not ${formatName(issue)}`;
    case "invalid_key":
      return `has a key that is not allowed: ${issue.issues.map(message).join(", ")}`;
    case "custom":
      // Messages of single values are written to follow the value; those of objects speak for themselves.
      return typeof issue.input === "string" ? `${show(issue.input)} ${issue.message}` : issue.message;
    default:
      return issue.message;
  }
}

function formatName(issue: z.core.$ZodIssueInvalidStringFormat): string {
  switch (issue.format) {
    case "datetime":
      return "a time: write it as 2026-11-21T07:25:00Z";
    case "date":
      return "a day: write it as 2026-11-21";
    default:
      return `well formed: it must match ${String(issue.pattern ?? issue.format)}`;
  }
}

function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    array: "a list",
    boolean: "true or false",
    int: "a whole number",
    object: "a map",
    record: "a map",
  };
  return names[type] ?? `a ${type}`;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function size(value: unknown): string {
  if (typeof value === "string") return value === "" ? "is empty" : `has ${value.length} characters`;
  if (Array.isArray(value)) return value.length === 0 ? "is empty" : `has ${value.length} items`;
  return `is ${show(value)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
