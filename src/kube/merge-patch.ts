import { isDeepStrictEqual } from "node:util";

type Json = Readonly<Record<string, unknown>>;

/** The JSON merge patch (RFC 7386) that turns `from` into `to`, at any depth; lists are replaced whole. Neither may hold null. */
export function mergePatch(from: Json, to: Json): Json {
  const patch: Record<string, unknown> = {};
  for (const field of Object.keys(from)) if (!Object.hasOwn(to, field)) patch[field] = null;
  for (const [field, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, field) ? from[field] : undefined;
    if (isDeepStrictEqual(before, value)) continue;
    patch[field] = isObject(before) && isObject(value) ? mergePatch(before, value) : value;
  }
  return patch;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
