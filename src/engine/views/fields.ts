/**
 * Readers for fields whose type nobody has checked. Null is absent, a value of the wrong type is absent, the strings
 * "true" and "false" count as booleans. Only own fields are read, so a key such as `__proto__` or
 * `constructor` is a key like any other. None of these functions throws.
 */

/** Any mapping of an object: `spec`, `securityContext`, a container. */
export type Fields = { readonly [field: string]: unknown };

/** Labels, annotations, node selectors: a Map, so that prototype keys are ordinary keys. */
export type TextMap = ReadonlyMap<string, string>;

/** The value at `names` below `of`; undefined where a step is missing, null or no mapping. */
export function valueAt(of: unknown, ...names: readonly string[]): unknown {
  let value = of;
  for (let at = 0; at < names.length; at++) {
    if (!isFields(value)) return undefined;
    value = ownValue(value, names[at] ?? "");
  }
  return value ?? undefined;
}

/** Every object inherits some fields. All are functions, which no JSON holds, but the one by which it inherits: it alone is asked about, which takes far longer. */
function ownValue(fields: Fields, name: string): unknown {
  const value = fields[name];
  if (typeof value === "function") return undefined;
  return name !== "__proto__" || Object.hasOwn(fields, name) ? value : undefined;
}

export function fieldsAt(of: unknown, ...names: readonly string[]): Fields | undefined {
  const value = valueAt(of, ...names);
  return isFields(value) ? value : undefined;
}

/** May be the empty string: whether that counts as absent is the caller's knowledge. */
export function textAt(of: unknown, ...names: readonly string[]): string | undefined {
  const value = valueAt(of, ...names);
  return typeof value === "string" ? value : undefined;
}

export function flagAt(of: unknown, ...names: readonly string[]): boolean | undefined {
  const value = valueAt(of, ...names);
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
}

export function integerAt(of: unknown, ...names: readonly string[]): number | undefined {
  const value = valueAt(of, ...names);
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

export function listAt(of: unknown, ...names: readonly string[]): readonly unknown[] {
  const value = valueAt(of, ...names);
  return Array.isArray(value) ? value : [];
}

/** The mappings of a list; elements of another type are left out. */
export function recordsAt(of: unknown, ...names: readonly string[]): readonly Fields[] {
  return listAt(of, ...names).filter(isFields);
}

/** The strings of a list; elements of another type are left out. */
export function textsAt(of: unknown, ...names: readonly string[]): readonly string[] {
  return listAt(of, ...names).filter((element) => typeof element === "string");
}

/** The string values of a mapping; entries of another type are left out. */
export function textMapAt(of: unknown, ...names: readonly string[]): TextMap {
  const map = new Map<string, string>();
  const fields = fieldsAt(of, ...names);
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === "string") map.set(key, value);
  }
  return map;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
