/**
 * A type with everything in it read-only, at any depth. Objects of the API are values: they are read, compared and
 * replaced, never edited in place. A mutable value is accepted wherever this is asked for.
 */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;
