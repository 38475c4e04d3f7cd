/**
 * Readers for fields whose type nobody has checked. Null is absent, a value of the wrong type is absent, the strings
 * "true" and "false" count as booleans. Only own fields are read, so a key such as `__proto__` or
 * `constructor` is a key like any other. None of these functions throws.
 */

/** Any mapping of an object: `spec`, `securityContext`, a container. */
export type Fields = { readonly [field: string]: unknown };

/** Labels, annotations, node selectors: a Map, so that prototype keys are ordinary keys. */
export type TextMap = ReadonlyMap<string, string>;

/**
 * The value below `of` at up to three names, one inside the other; undefined where a step is missing, null or no mapping. The names are
 * no list, nor are those of the other readers: rules read hundreds of fields of each object, and every list would be garbage.
 */
export function valueAt(of: unknown, first?: string, second?: string, third?: string): unknown {
  let value = of;
  if (first !== undefined) value = ownValue(value, first);
  if (second !== undefined) value = ownValue(value, second);
  if (third !== undefined) value = ownValue(value, third);
  return value ?? undefined;
}

/** As `valueAt`, where the names are a list. */
export function valueBelow(of: unknown, names: readonly string[]): unknown {
  let value = of;
  for (const name of names) value = ownValue(value, name);
  return value ?? undefined;
}

/** Every object inherits some fields. All are functions, which no JSON holds, but the one by which it inherits: it alone is asked about, which takes far longer. */
function ownValue(of: unknown, name: string): unknown {
  if (!isFields(of)) return undefined;
  const value = of[name];
  if (typeof value === "function") return undefined;
  return name !== "__proto__" || Object.hasOwn(of, name) ? value : undefined;
}

export function fieldsAt(of: unknown, first?: string, second?: string, third?: string): Fields | undefined {
  const value = valueAt(of, first, second, third);
  return isFields(value) ? value : undefined;
}

/** May be the empty string: whether that counts as absent is the caller's knowledge. */
export function textAt(of: unknown, first?: string, second?: string, third?: string): string | undefined {
  const value = valueAt(of, first, second, third);
  return typeof value === "string" ? value : undefined;
}

export function flagAt(of: unknown, first?: string, second?: string, third?: string): boolean | undefined {
  const value = valueAt(of, first, second, third);
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
}

export function integerAt(of: unknown, first?: string, second?: string, third?: string): number | undefined {
  const value = valueAt(of, first, second, third);
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

export function listAt(of: unknown, first?: string, second?: string, third?: string): readonly unknown[] {
  const value = valueAt(of, first, second, third);
  return Array.isArray(value) ? value : [];
}

/** The mappings of a list; elements of another type are left out. */
export function recordsAt(of: unknown, first?: string, second?: string, third?: string): readonly Fields[] {
  return listAt(of, first, second, third).filter(isFields);
}

/** The strings of a list; elements of another type are left out. */
export function textsAt(of: unknown, first?: string, second?: string, third?: string): readonly string[] {
  return listAt(of, first, second, third).filter((element) => typeof element === "string");
}

/** The string values of a mapping; entries of another type are left out. */
export function textMapAt(of: unknown, first?: string, second?: string, third?: string): TextMap {
  const map = new Map<string, string>();
  const fields = fieldsAt(of, first, second, third);
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === "string") map.set(key, value);
  }
  return map;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
