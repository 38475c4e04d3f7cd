import { hash32 } from "../values/hash.ts";
import { type Fields, fieldsAt, isFields } from "./fields.ts";
import { mergeKeysOf } from "./merge-keys.ts";
import { below, type Path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";
import { templatePath } from "./workload-kinds.ts";

/** An element's path as a number: the set of a large object stays small, and a rare collision only keeps a row longer. */
export type ElementHash = number;

/** Keyed lists lie at most a dozen levels deep; the bound keeps hostile nesting from exhausting the stack. */
const maxDepth = 64;

/**
 * The path of every list element in the object that a merge key addresses, hashed. Tells "the element is gone" from "the
 * element was mended". The pod spec is walked without its prefix, as violations name it.
 */
export function elements(view: ResourceView): ReadonlySet<ElementHash> {
  const template = templatePath(view.kindName);
  const podSpec = template === undefined ? undefined : fieldsAt(view.object, ...template, "spec");
  const found = new Set<ElementHash>();
  const { status: _, ...written } = view.object;
  walkFields(written, "", 0, { podSpec, found });
  if (podSpec !== undefined) walkFields(podSpec, "", 0, { podSpec: undefined, found });
  return found;
}

interface Walk {
  /** Not entered where it lies: it has a walk of its own. */
  readonly podSpec: Fields | undefined;
  readonly found: Set<ElementHash>;
}

function walkFields(fields: Fields, at: Path, depth: number, walk: Walk): void {
  if (depth > maxDepth) return;
  for (const [name, value] of Object.entries(fields)) {
    if (name === "managedFields" || value === walk.podSpec) continue;
    if (isFields(value)) walkFields(value, below(at, name), depth + 1, walk);
    else if (Array.isArray(value)) walkList(name, value, below(at, name), depth, walk);
  }
}

function walkList(name: string, list: readonly unknown[], at: Path, depth: number, walk: Walk): void {
  for (const element of list.filter(isFields)) {
    const keys = mergeKeysOf(name, element);
    if (keys === undefined) continue;
    const path = below(at, keys);
    walk.found.add(elementHash(path));
    walkFields(element, path, depth + 1, walk);
  }
}

/** To ask the set whether it has an element: `elements(view).has(elementHash("containers[name=app]"))`. */
export function elementHash(element: Path): ElementHash {
  return hash32(element);
}
