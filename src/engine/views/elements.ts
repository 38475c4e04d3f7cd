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
  const walk = { status: view.object.status, podSpec, found };
  walkFields(view.object, { hash: undefined, names: [] }, 0, walk);
  if (podSpec !== undefined) walkFields(podSpec, { hash: undefined, names: [] }, 0, { ...walk, podSpec: undefined });
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

/** A path, of which most are asked about by nobody: the element that it lies in is hashed, and the fields from there on are names. */
interface Place {
  readonly hash: number | undefined;
  /** One list is used for all the fields of an element. */
  readonly names: string[];
}

function walkFields(fields: Fields, at: Place, depth: number, walk: Walk): void {
  if (depth > maxDepth) return;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value !== "object" || value === null || name === "managedFields") continue;
    if (value === walk.podSpec || value === walk.status) continue;
    const isList = Array.isArray(value);
    if (isList && !mayHaveMergeKeys(name)) continue;
    at.names.push(name);
    if (isList) walkList(name, value, hashOf(at), depth, walk);
    else walkFields(value as Fields, at, depth + 1, walk);
    at.names.pop();
  }
}

function walkList(name: string, list: readonly unknown[], at: number | undefined, depth: number, walk: Walk): void {
  for (const element of list) {
    if (!isFields(element)) continue;
    const hash = elementBelow(at, name, element);
    if (hash === undefined) continue;
    walk.found.push(hash);
    walkFields(element, { hash, names: [] }, depth + 1, walk);
  }
}

function hashOf({ hash, names }: Place): number | undefined {
  let below = hash;
  for (const name of names) below = hash32(formatField(name, below === undefined), below);
  return below;
}

/** Hashes `[name=app]`, as paths spell it. */
function elementBelow(at: number | undefined, list: string, element: Fields): number | undefined {
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
