import { hash32 } from "../values/hash.ts";
import { type Fields, fieldsAt, isFields } from "./fields.ts";
import { mayHaveMergeKeys, mergeKeysOf } from "./merge-keys.ts";
import { type Path, segment } from "./path.ts";
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
  walkFields(written, undefined, 0, { podSpec, found });
  if (podSpec !== undefined) walkFields(podSpec, undefined, 0, { podSpec: undefined, found });
  return found;
}

interface Walk {
  /** Not entered where it lies: it has a walk of its own. */
  readonly podSpec: Fields | undefined;
  readonly found: Set<ElementHash>;
}

/** @param at hash of the path so far: paths are never built, for most are asked about by nobody */
function walkFields(fields: Fields, at: number | undefined, depth: number, walk: Walk): void {
  if (depth > maxDepth) return;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value !== "object" || value === null || value === walk.podSpec || name === "managedFields") continue;
    if (isFields(value)) walkFields(value, below(at, name), depth + 1, walk);
    else if (Array.isArray(value) && mayHaveMergeKeys(name)) walkList(name, value, below(at, name), depth, walk);
  }
}

function walkList(name: string, list: readonly unknown[], at: number, depth: number, walk: Walk): void {
  for (const element of list) {
    const keys = isFields(element) ? mergeKeysOf(name, element) : undefined;
    if (keys === undefined) continue;
    const hash = hash32(segment(keys, false), at);
    walk.found.add(hash);
    walkFields(element as Fields, hash, depth + 1, walk);
  }
}

function below(at: number | undefined, name: string): number {
  return hash32(segment(name, at === undefined), at);
}

/** To ask the set whether it has an element: `elements(view).has(elementHash("containers[name=app]"))`. */
export function elementHash(element: Path): ElementHash {
  return hash32(element);
}
