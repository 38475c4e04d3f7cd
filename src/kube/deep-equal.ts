import { isRecord } from "./object.ts";

/** Equality of JSON values: the order of fields does not matter, and a field that is undefined is not there. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => deepEqual(value, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  for (const field of Object.keys(a)) if (!deepEqual(a[field], b[field])) return false;
  for (const field of Object.keys(b)) if (a[field] === undefined && b[field] !== undefined) return false;
  return true;
}
