import { z } from "zod";

type Schema = z.core.$ZodType;

/** The fields that an object schema knows, through defaults and the like; undefined if it is no object schema. */
export function fieldsOf(schema: Schema | undefined): ReadonlyMap<string, Schema> | undefined {
  const inner = unwrap(schema);
  return inner instanceof z.core.$ZodObject ? new Map(Object.entries(inner._zod.def.shape)) : undefined;
}

/** The schema of what stands at a path: `["match", "kinds", 0]`. Undefined where the path leaves what is known. */
export function schemaAt(schema: Schema | undefined, path: readonly PropertyKey[]): Schema | undefined {
  return path.reduce<Schema | undefined>((at, step) => {
    if (typeof step !== "number") return fieldsOf(at)?.get(String(step));
    const list = unwrap(at);
    return list instanceof z.core.$ZodArray ? list._zod.def.element : undefined;
  }, schema);
}

function unwrap(schema: Schema | undefined): Schema | undefined {
  let inner = schema;
  while (
    inner instanceof z.core.$ZodOptional ||
    inner instanceof z.core.$ZodNullable ||
    inner instanceof z.core.$ZodDefault ||
    inner instanceof z.core.$ZodPrefault ||
    inner instanceof z.core.$ZodReadonly
  )
    inner = inner._zod.def.innerType;
  return inner;
}
