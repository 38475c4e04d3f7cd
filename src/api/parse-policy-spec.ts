import { type FieldProblem, problemsOf } from "./field-problem.ts";
import { PolicySpec } from "./policy.ts";

export type ParsedPolicySpec =
  | { readonly ok: true; readonly spec: PolicySpec }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Largest spec, as JSON in UTF-8: `status.inForce` keeps a copy, and both must fit beside the rest. */
export const maximumSpecBytes = 64 * 1024;

/**
 * Reads the spec of a Policy strictly and fills in its defaults: what a user asks for is either understood
 * in full or not at all. Never throws; `problems` are ordered by path.
 */
export function parsePolicySpec(value: unknown): ParsedPolicySpec {
  const parsed = PolicySpec.safeParse(value, { reportInput: true });
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error.issues, "spec") };
  const bytes = new TextEncoder().encode(JSON.stringify(parsed.data)).length;
  if (bytes > maximumSpecBytes)
    return {
      ok: false,
      problems: [
        {
          path: "spec",
          message: `has ${bytes} bytes as JSON, more than ${maximumSpecBytes}: split the policy or shorten its overrides`,
        },
      ],
    };
  return { ok: true, spec: parsed.data };
}
