import type { z } from "zod";

/** One statement about a value, in the two languages that check it: the API server's and ours. */
export interface Invariant<T> {
  /** CEL over `self`. Whatever list or string it touches needs maxItems or maxLength. */
  readonly cel: string;
  /** The same in TypeScript. */
  readonly holds: (value: T) => boolean;
  /** What is wrong and what to do; the path is put before it. */
  readonly message: string;
}

interface Validation {
  readonly rule: string;
  readonly message: string;
}

/** Adds statements that the API server checks as CEL validations and our parser as refinements. */
export function withInvariants<S extends z.ZodType>(schema: S, ...invariants: readonly Invariant<z.output<S>>[]): S {
  const validations: Validation[] = invariants.map(({ cel, message }) => ({ rule: cel, message }));
  let checked = schema.meta({ ...schema.meta(), "x-kubernetes-validations": validations });
  for (const { holds, message } of invariants) checked = checked.refine(holds, message);
  return checked;
}
