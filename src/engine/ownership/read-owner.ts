import { fieldsAt, textAt } from "../views/fields.ts";
import type { OwnerKey } from "./ownership.ts";
import { shortText } from "./short-text.ts";

/** As long as a label may be. */
const maxLength = 63;

/**
 * The owner that an object itself names. A key that is there but says nothing counts as not there. Names that begin with `_` are
 * Pawl's own (`_other` in metrics), so a leading one goes.
 */
export function readOwner(object: unknown, keys: readonly OwnerKey[]): string | undefined {
  const labels = fieldsAt(object, "metadata", "labels");
  const annotations = fieldsAt(object, "metadata", "annotations");
  for (const { key, on } of keys) {
    const owner =
      (on === "annotation" ? undefined : named(textAt(labels, key))) ??
      (on === "label" ? undefined : named(textAt(annotations, key)));
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function named(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return shortText(value.replace(/^[\s_]+/, ""), maxLength);
}
