import { type FieldProblem, problemsOf } from "./field-problem.ts";
import { ReportSubscriptionSpec } from "./report-subscription.ts";

export type ParsedSubscriptionSpec =
  | { readonly ok: true; readonly spec: ReportSubscriptionSpec }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Reads the spec of a ReportSubscription strictly and fills in its defaults. Never throws; `problems` are ordered by path. */
export function parseSubscriptionSpec(value: unknown): ParsedSubscriptionSpec {
  const parsed = ReportSubscriptionSpec.safeParse(value, { reportInput: true });
  return parsed.success
    ? { ok: true, spec: parsed.data }
    : { ok: false, problems: problemsOf(parsed.error.issues, "spec") };
}
