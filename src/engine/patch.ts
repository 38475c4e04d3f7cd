import { type Fields, fieldsAt } from "./views/fields.ts";

/** A place in a JSON document (RFC 6901): `/spec/template/spec/containers/0`; `""` is the whole document. */
export type JsonPointer = string;

/** One step of a JSON Patch (RFC 6902) against the object as it was judged. */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: JsonPointer; readonly value: unknown }
  | { readonly op: "remove"; readonly path: JsonPointer };

/** The pointer of something inside `base`: `pointerTo("/spec", "ports", 0)` → `/spec/ports/0`. */
export function pointerTo(base: JsonPointer, ...steps: readonly (string | number)[]): JsonPointer {
  return base + steps.map((step) => `/${escapeStep(String(step))}`).join("");
}

/**
 * Writes a field, whether it is there or not, with the mappings on the way that are missing. `fields` is what lies at
 * `base`. Two fields of the same missing mapping need one call each on what the first has made: write the mapping instead.
 */
export function setField(
  base: JsonPointer,
  fields: Fields | undefined,
  names: readonly [string, ...string[]],
  value: unknown,
): PatchOperation {
  const [name, next, ...rest] = names;
  const inner = fieldsAt(fields, name);
  const at = pointerTo(base, name);
  if (next === undefined) return { op: "add", path: at, value };
  if (inner !== undefined) return setField(at, inner, [next, ...rest], value);
  return { op: "add", path: at, value: [next, ...rest].reduceRight((made, step) => ({ [step]: made }), value) };
}

function escapeStep(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
