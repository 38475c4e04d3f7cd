import { z } from "zod";

type Schema = z.core.$ZodType;

/** The names that an object schema knows, through defaults and the like; undefined if it is no object schema. */
export function fieldsOf(schema: Schema | undefined): ReadonlySet<string> | undefined {
  let inner = schema;
  while (
    inner instanceof z.core.$ZodOptional ||
    inner instanceof z.core.$ZodDefault ||
    inner instanceof z.core.$ZodPrefault ||
    inner instanceof z.core.$ZodReadonly
  )
    inner = inner._zod.def.innerType;
  return inner instanceof z.core.$ZodObject ? new Set(Object.keys(inner._zod.def.shape)) : undefined;
}
