import { hash32 } from "../values/hash.ts";
import { type Fields, fieldsAt, isFields } from "./fields.ts";
import { keyNamesOf, keyValue, mayHaveMergeKeys } from "./merge-keys.ts";
import { formatField, formatValue, type Path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";
import { templatePath } from "./workload-kinds.ts";

/** An element's path as a number: the set of a large object stays small, and a rare collision only keeps a row longer. */
export type ElementHash = number;

/** Keyed lists lie at most a dozen levels deep; the bound keeps hostile nesting from exhausting the stack. */
const maxDepth = 64;

/**
 * The path of every list element in the object that a merge key addresses, hashed; in the order in which they stand. Tells "the
 * element is gone" from "the element was mended". The pod spec is walked without its prefix, as violations name it.
 */
export function elements(view: ResourceView): readonly ElementHash[] {
  const template = templatePath(view.kindName);
  const podSpec = template === undefined ? undefined : fieldsAt(view.object, ...template, "spec");
  const found: ElementHash[] = [];
  walkFields(view.object, undefined, 0, { podSpec, status: view.object.status, found });
  if (podSpec !== undefined) walkFields(podSpec, undefined, 0, { podSpec: undefined, status: undefined, found });
  // Lists grow ahead of what they hold, and this one is kept.
  return found.slice();
}

interface Walk {
  /** Not entered where it lies: it has a walk of its own. */
  readonly podSpec: Fields | undefined;
  /** Not entered at all. */
  readonly status: unknown;
  readonly found: ElementHash[];
}

/** @param at hash of the path so far: paths are never built, for most are asked about by nobody */
function walkFields(fields: Fields, at: number | undefined, depth: number, walk: Walk): void {
  if (depth > maxDepth) return;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value !== "object" || value === null || name === "managedFields") continue;
    if (value === walk.podSpec || value === walk.status) continue;
    if (!Array.isArray(value)) walkFields(value as Fields, below(at, name), depth + 1, walk);
    else if (mayHaveMergeKeys(name)) walkList(name, value, below(at, name), depth, walk);
  }
}

function walkList(name: string, list: readonly unknown[], at: number, depth: number, walk: Walk): void {
  for (const element of list) {
    if (!isFields(element)) continue;
    const hash = elementBelow(at, name, element);
    if (hash === undefined) continue;
    walk.found.push(hash);
    walkFields(element, hash, depth + 1, walk);
  }
}

function below(at: number | undefined, name: string): number {
  return hash32(formatField(name, at === undefined), at);
}

/** Hashes `[name=app]`, as paths spell it. */
function elementBelow(at: number, list: string, element: Fields): number | undefined {
  const names = keyNamesOf(list, element);
  if (names === undefined) return undefined;
  let hash = at;
  let mark = "[";
  for (const name of names) {
    hash = hash32("=", hash32(name, hash32(mark, hash)));
    hash = hash32(formatValue(String(keyValue(element, name))), hash);
    mark = ",";
  }
  return hash32("]", hash);
}

/** To ask whether an object has an element: `elements(view).includes(elementHash("containers[name=app]"))`. */
export function elementHash(element: Path): ElementHash {
  return hash32(element);
}
