import type { z } from "zod";

/** One statement about a value, in the two languages that check it: the API server's and ours. */
export interface Invariant<T> {
  /** CEL over `self`. Whatever list or string it touches needs maxItems or maxLength. */
  readonly cel: string;
  /** The same in TypeScript. */
  readonly holds: (value: T) => boolean;
  /** What is wrong and what to do, to be read after the path and, for a single value, the value. */
  readonly message: string;
  /** A message that names the culprit, again in both languages; `message` is then the general form. */
  readonly culprit?: { readonly cel: string; readonly message: (value: T) => string };
}

interface Validation {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression?: string;
}

/** Adds statements that the API server checks as CEL validations and our parser as refinements. */
export function withInvariants<S extends z.ZodType>(schema: S, ...invariants: readonly Invariant<z.output<S>>[]): S {
  const validations = invariants.map(
    ({ cel, message, culprit }): Validation => ({
      rule: cel,
      message,
      ...(culprit !== undefined && { messageExpression: culprit.cel }),
    }),
  );
  const described = schema.meta({ ...schema.meta(), "x-kubernetes-validations": validations });
  return described.superRefine((value, context) => {
    for (const { holds, message, culprit } of invariants)
      if (!holds(value)) context.addIssue({ code: "custom", message: culprit?.message(value) ?? message });
  });
}
