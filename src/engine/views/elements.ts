import { remembering } from "../interning.ts";
import { hash32 } from "../values/hash.ts";
import { type Fields, fieldsAt, isFields, valueBelow } from "./fields.ts";
import { keyNamesOf, keyValue, mayHaveMergeKeys } from "./merge-keys.ts";
import { type Path, parsePath } from "./path.ts";
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
  const podSpec = template === undefined ? undefined : fieldsAt(valueBelow(view.object, template), "spec");
  const found: ElementHash[] = [];
  const walk = { status: view.object.status, podSpec, found };
  walkFields(view.object, root, 0, walk);
  if (podSpec !== undefined) walkFields(podSpec, root, 0, { ...walk, podSpec: undefined });
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

/** @param at hash of the path that leads here */
function walkFields(fields: Fields, at: number, depth: number, walk: Walk): void {
  if (depth > maxDepth) return;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value !== "object" || value === null || name === "managedFields") continue;
    if (value === walk.podSpec || value === walk.status) continue;
    if (!Array.isArray(value)) walkFields(value as Fields, nameBelow(at, name), depth + 1, walk);
    else if (mayHaveMergeKeys(name)) walkList(name, value, nameBelow(at, name), depth, walk);
  }
}

function walkList(list: string, values: readonly unknown[], at: number, depth: number, walk: Walk): void {
  for (const element of values) {
    if (!isFields(element)) continue;
    const names = keyNamesOf(list, element);
    if (names === undefined) continue;
    let hash = at;
    for (const name of names) hash = keyBelow(hash, name, String(keyValue(element, name)));
    walk.found.push(hash);
    walkFields(element, hash, depth + 1, walk);
  }
}

/** To ask whether an object has an element: `elements(view).includes(elementHash("containers[name=app]"))`. */
export function elementHash(element: Path): ElementHash {
  let hash = root;
  for (const segment of parsePath(element) ?? []) {
    if (segment.sort === "field") hash = nameBelow(hash, segment.name);
    else for (const [name, value] of segment.keys) hash = keyBelow(hash, name, value);
  }
  return hash;
}

const root = hash32("");

function nameBelow(at: number, name: string): number {
  return Math.imul(at ^ hashOfName(name), 0x9e3779b1);
}

function keyBelow(at: number, name: string, value: string): number {
  return hash32(value, nameBelow(at, name));
}

/** The same few names lead to everything. */
const hashOfName = remembering((name) => hash32(name), 10_000);
